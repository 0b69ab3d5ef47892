"""Services of accounts over a database, with a clock that stands where it is put."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from recommender.domain.accounts import Account, AccountDraft, Actor, Reach, Role
from recommender.domain.sessions import SessionPolicy
from recommender.services.accounts.accounts import AccountService
from recommender.services.accounts.passwords import PasswordHasher
from recommender.services.accounts.sessions import SessionService
from recommender.services.accounts.sign_in import SignInService
from recommender.services.accounts.tokens import TokenService
from recommender.store import Database

ADMINISTRATOR: Final = Actor.trusted("cli:test")
PASSWORD: Final = "秋水共长天一色-落霞孤鹜"
OTHER_PASSWORD: Final = "孤帆远影碧空尽，唯见长江"
HOUR: Final = timedelta(hours=1)
POLICY: Final = SessionPolicy(idle=2 * HOUR, absolute=12 * HOUR, rotation=HOUR)
QUICK_HASHER: Final = PasswordHasher(memory_kib=8, passes=1, places=100)
"""As sure of right and wrong as the real one."""


@dataclass
class Clock:
    """Where time stands."""

    at: datetime = field(default_factory=lambda: datetime(2026, 11, 28, 8, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.at

    def advance(self, by: timedelta) -> None:
        self.at += by


class Accounts:
    """All services of accounts over one database."""

    def __init__(
        self, database: Database, clock: Clock | None = None, hasher: PasswordHasher = QUICK_HASHER
    ) -> None:
        self.database = database
        self.clock = clock or Clock()
        self.accounts = AccountService(database, hasher, self.clock)
        self.sessions = SessionService(database, POLICY, self.clock)
        self.sign_ins = SignInService(database, self.sessions, hasher, self.clock)
        self.tokens = TokenService(database, max_days=366, now=self.clock)

    def make(self, login_name: str, role: Role = Role.OFFICER, **values: str) -> Account:
        """An account with :data:`PASSWORD`."""
        reach = Reach(whole_city=True) if role is Role.OFFICER else Reach()
        draft = AccountDraft(login_name=login_name, display_name=login_name, role=role, reach=reach, **values)
        password = None if role is Role.SERVICE else PASSWORD
        return self.accounts.create(ADMINISTRATOR, draft, password).account

    def trail(self) -> list[tuple[str, str, str]]:
        """Actor, action and target of what was written down, oldest first."""
        with self.database.read() as unit:
            return [(entry.actor, entry.action, entry.target) for entry in unit.audit.tail(100)]
