"""Who uses the console of the small town."""

from dataclasses import dataclass
from typing import Final

from recommender.bootstrap import Application
from recommender.domain.accounts import AccountDraft, Actor, Reach, Role
from tests.actors import TESTER

PASSWORD: Final = "秋水共长天一色-落霞孤鹜"
NOWHERE: Final = Reach()
FORGE: Final = "91320582000001337K"
"""Of the enterprise whose needs are in every state."""
BENDER: Final = "91320582000001556X"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account."""

    login_name: str
    display_name: str
    role: Role
    reach: Reach = NOWHERE
    enterprise_code: str = ""

    def draft(self) -> AccountDraft:
        """What an administrator says of them."""
        return AccountDraft(
            login_name=self.login_name,
            display_name=self.display_name,
            role=self.role,
            reach=self.reach,
            enterprise_code=self.enterprise_code,
        )


ADMIN: Final = Person("guanli", "管理员", Role.ADMIN)
OFFICER: Final = Person("chenxl", "陈晓岚", Role.OFFICER, Reach(whole_city=True))
TOWN_OFFICER: Final = Person("luyh", "陆一鸿", Role.OFFICER, Reach(towns=frozenset({"南丰镇"})))
ENTERPRISE: Final = Person("huanyi", "环屹锻造", Role.ENTERPRISE, enterprise_code=FORGE)
OTHER_ENTERPRISE: Final = Person("wanguan", "弯管机厂", Role.ENTERPRISE, enterprise_code=BENDER)
NEWCOMER: Final = Person("xinlai", "新来的审核员", Role.OFFICER, Reach(whole_city=True))
"""Has to change the password first."""

PEOPLE: Final = (ADMIN, OFFICER, TOWN_OFFICER, ENTERPRISE, OTHER_ENTERPRISE)
"""Everybody who opens pages, one of each kind and more."""


def settle(application: Application) -> None:
    """Give everybody an account."""
    for person in PEOPLE:
        application.accounts.create(TESTER, person.draft(), PASSWORD)
    application.accounts.create(TESTER, NEWCOMER.draft())
    service = AccountDraft(login_name="yejian", display_name="夜间导入", role=Role.SERVICE)
    application.accounts.create(TESTER, service)


def actor_of(application: Application, person: Person) -> Actor:
    """A person as services know them."""
    return application.accounts.get(TESTER, person.login_name).actor(session="stage")
