"""A small town in which everything has happened once: what the console's tests and screenshots look at.

``python -m tests.console.stage FOLDER`` builds it, with ``--serve`` it is also served: sign in as one of
:mod:`tests.console.people`.
"""

import argparse
import shutil
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import uvicorn

from api.app import create_app
from recommender.bootstrap import Application
from recommender.domain.accounts import Actor
from recommender.domain.case_lists import CaseFilter, CaseView
from recommender.domain.cases import Case, Contract, Evaluation, Funding, Instalment, Milestone, Pair, Side
from recommender.domain.kinds import ContractType, EntityKind
from recommender.domain.paging import PageRequest
from recommender.domain.personal import ConsentDecision, ConsentScope
from recommender.domain.wishes import Stance
from recommender.domain.workflow import CaseState, NeedState, ReasonCode
from recommender.review.cases import CASES
from recommender.review.needs import NEEDS
from recommender.review.workflow import Step, Workflow
from recommender.services.matching import MatchRequest
from recommender.services.nightly.options import NightOptions
from recommender.services.review.cases import CaseService, Choice
from recommender.services.review.needs import NeedService
from recommender.services.review.outcomes import OutcomeService
from recommender.services.review.wishes import WishDraft
from recommender.settings import Settings
from tests.actors import TESTER
from tests.conftest import import_samples
from tests.console import needs as texts
from tests.console import uploads
from tests.console.people import BENDER, ENTERPRISE, FORGE, OFFICER, actor_of, settle

FIRST_DAY: Final = timedelta(days=75)
"""How long ago the first need was written."""

BEST_NEED: Final = "XQ2026001"
"""Of the forge; for it the samples hold what fits."""

LATE: Final = (NeedState.EXPIRED,)
NEED_ENDS: Final = tuple(state for state in NeedState if state not in LATE)
CASE_ENDS: Final = tuple(state for state in CaseState if state is not CaseState.SUGGESTED)
OF_THE_FORGE: Final = (
    CaseState.PUSHED,
    CaseState.ENTERPRISE_INTERESTED,
    CaseState.EXPERT_ACCEPTED,
    CaseState.CONTACT,
    CaseState.SIGNED,
    CaseState.EVALUATED,
)
"""What the forge's own people see, beside what befalls the others."""


class Clock:
    """A time that stands still until it is moved."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        """The time."""
        return self.at

    def forward(self, **by: float) -> None:
        """Let time pass, never beyond now."""
        self.at = min(self.at + timedelta(**by), datetime.now(UTC))


def settings_in(folder: Path, **others: Any) -> Settings:
    """Settings for a town in a folder, served to this machine's browsers by plain HTTP."""
    values: dict[str, Any] = {
        "var_dir": folder,
        "database_url": "",
        "n_threads": 1,
        "secure_cookies": False,
        "rate_per_minute": 0,
        "address_rate_per_minute": 0,
        "shard_size": 32,
    }
    return Settings(**(values | others))


def build(folder: Path, **settings: Any) -> Application:
    """The town, in a folder that is not there yet; in an SQLite file, if the settings name no other database."""
    application = Application(settings_in(folder, **settings))
    import_samples(application)
    _double_some(application)
    settle(application)
    application.indexing.build(actor="夜间任务")
    night(application)
    officer = actor_of(application, OFFICER)
    _file_needs(application, officer)
    _move_cases(application, officer)
    _remember_people(application, officer)
    _change_some(application)
    night(application)
    application.timers.run(actor="夜间任务")
    uploads.send_some(application, officer)
    return application


def night(application: Application) -> None:
    """One night, published."""
    options = NightOptions(as_of=datetime.now(UTC).astimezone().date())
    application.nightly.run(options, actor="夜间任务")


def path_to(workflow: Workflow[Any], start: Any, end: Any) -> list[Step[Any]]:
    """The shortest way that people can take from a state to another."""
    ways: deque[tuple[Any, list[Step[Any]]]] = deque([(start, [])])
    seen = {start}
    while ways:
        state, taken = ways.popleft()
        if state == end:
            return taken
        for step in workflow.from_state(state):
            if step.permission is not None and step.target not in seen:
                seen.add(step.target)
                ways.append((step.target, [*taken, step]))
    raise AssertionError(f"no way to {end}")


# Needs


def _file_needs(application: Application, officer: Actor) -> None:
    """One need in every state, of the forge."""
    clock = Clock(datetime.now(UTC) - FIRST_DAY)
    service = NeedService(application.database, clock)
    forge = actor_of(application, ENTERPRISE)
    contents = [texts.VAGUE, *texts.WRITTEN]
    for number, end in enumerate(NEED_ENDS):
        clock.at = datetime.now(UTC) - FIRST_DAY + timedelta(days=3 * number)
        content = contents[number % len(contents)]
        if number >= len(contents):
            content = content | {"title": f"{content['title']}（二期）"}
        detail = service.create(forge, content)
        for step in path_to(NEEDS, NeedState.DRAFT, end):
            clock.forward(days=2, hours=3)
            actor = forge if forge.may(step.permission) else officer
            detail = service.move(
                actor,
                detail.need.id,
                step.target,
                version=detail.progress.version,
                reason=ReasonCode.UNCLEAR if step.negative else None,
                note="请补充现在的尺寸、材料和要达到的数值。" if step.negative or step.note else "",
            )
    _let_one_expire(application, clock, forge)


def _let_one_expire(application: Application, clock: Clock, forge: Actor) -> None:
    clock.at = datetime.now(UTC) - timedelta(days=40)
    service = NeedService(application.database, clock)
    content = texts.WRITTEN[0] | {"title": "喷丸机粉尘治理", "deadline": (clock.at + timedelta(days=20)).date()}
    detail = service.create(forge, content)
    service.move(forge, detail.need.id, NeedState.SUBMITTED, version=detail.progress.version)
    application.timers.run(actor="夜间任务")


# Matches


@dataclass(frozen=True, slots=True)
class Desk:
    """Services at a time of their own."""

    clock: Clock
    cases: CaseService
    outcomes: OutcomeService

    @classmethod
    def of(cls, application: Application) -> "Desk":
        """At the town's desk."""
        clock = Clock(datetime.now(UTC))
        return cls(
            clock,
            CaseService(application.database, application.review_settings, clock),
            OutcomeService(application.database, clock),
        )


def _move_cases(application: Application, officer: Actor) -> None:
    """One match in every state, and some more of the forge."""
    desk = Desk.of(application)
    open_ones = _suggestions(application, officer)
    ends: list[tuple[CaseState, Callable[[Case], bool]]] = [
        *((end, lambda case: case.enterprise_code == FORGE) for end in OF_THE_FORGE),
        *((end, lambda case: case.enterprise_code != FORGE) for end in CASE_ENDS),
        *((CaseState.PUSHED, lambda case: case.enterprise_code == BENDER) for _ in range(2)),
    ]
    for number, (end, fits) in enumerate(ends):
        case = next(case for case in open_ones if fits(case))
        open_ones = [other for other in open_ones if other.pair.target_id != case.pair.target_id]
        desk.clock.at = datetime.now(UTC) - timedelta(days=55 - number)
        move_case(desk, officer, case, end, days=1 + number % 5)


def _suggestions(application: Application, officer: Actor) -> list[Case]:
    found = application.queue.page(officer, CaseFilter(view=CaseView.UNREVIEWED), PageRequest(limit=200))
    return [line.case for line in found.items]


def move_case(desk: Desk, officer: Actor, case: Case, end: CaseState, *, days: int) -> None:
    """Take a suggestion all the way to a state, ``days`` between the steps, with all that belongs to it."""
    version = case.version
    for step in path_to(CASES, CaseState.SUGGESTED, end):
        desk.clock.forward(days=days)
        contract = None
        if step.target is CaseState.SIGNED:
            contract = Contract(
                kind=ContractType.DEVELOPMENT,
                signed_on=desk.clock.at.date(),
                registration_number=f"2026320582{days:06d}",
                amount_wan=60.0 + 35 * days,
            )
        choice = Choice(
            to=step.target,
            reason=ReasonCode.INDICATORS if step.negative else None,
            note="改为先做一次现场诊断，再谈联合开发。" if step.note else "",
            contract=contract,
        )
        version = desk.cases.decide(officer, case.id, choice, version=version).version
        _follow(desk, officer, case.id, step.target, days=days)


def _follow(desk: Desk, officer: Actor, case_id: str, state: CaseState, *, days: int) -> None:
    """What is recorded beside the state."""
    on = desk.clock.at.date()
    match state:
        case CaseState.SIGNED:
            for title, in_days in (("方案评审", 20), ("样件试制", 60), ("小批验证", 120)):
                milestone = Milestone(title=title, due_on=on + timedelta(days=in_days))
                desk.outcomes.add_milestone(officer, case_id, milestone)
        case CaseState.FUNDED:
            funding = Funding(
                instalment=Instalment.FIRST, paid_on=on, amount_wan=20.0, enterprise_spending_wan=90.0 + 10 * days
            )
            desk.outcomes.pay(officer, case_id, funding)
        case CaseState.IMPLEMENTATION:
            desk.outcomes.change_milestone(officer, case_id, 1, {"done_on": on})
        case CaseState.COMPLETED:
            for side, grade in ((Side.ENTERPRISE, 5), (Side.EXPERT, 4)):
                evaluation = Evaluation(side=side, grade=grade, text="按期完成，指标达到合同要求。")
                desk.outcomes.evaluate(officer, case_id, evaluation)


# Wishes


def wish(application: Application) -> None:
    """Let the forge say of its best answers whom it wants and whom it does not; not part of the town as built."""
    forge = actor_of(application, ENTERPRISE)
    said = {pair.target_id for pair in _opened(application)}
    request = MatchRequest((EntityKind.EXPERT,), k=20)
    (found,) = application.matching.match_need(forge, BEST_NEED, request).lists
    wanted, unwanted = [match for match in found.matches if match.id not in said][:2]
    yes = WishDraft(target_kind=EntityKind.EXPERT, target_id=wanted.id, stance=Stance.WANTED, note="请先电话沟通")
    no = WishDraft(
        target_kind=EntityKind.EXPERT, target_id=unwanted.id, stance=Stance.UNWANTED, reason=ReasonCode.FIELD
    )
    for draft in (yes, no):
        application.wishes.say(forge, BEST_NEED, draft, version=0)


def _opened(application: Application) -> list[Pair]:
    with application.database.read() as unit:
        return [case.pair for case in unit.cases.of_need(BEST_NEED, frozenset(CaseState))]


# People and records


def _double_some(application: Application) -> None:
    """Records that are there twice under different numbers."""
    with application.database.write() as unit:
        experts = list(unit.experts.iterate())[:4]
        unit.experts.upsert([replace(expert, id=f"{expert.id}-B") for expert in experts])
        platforms = list(unit.platforms.iterate())[:2]
        unit.platforms.upsert([replace(platform, id=f"{platform.id}-B") for platform in platforms])
    application.duplicate_searcher.run(actor="夜间任务")


def _remember_people(application: Application, officer: Actor) -> None:
    experts = _expert_ids(application)
    agreed, refused, seen, erased = experts[20:24]
    application.consents.record(
        officer, agreed, ConsentScope.CONTACT, ConsentDecision.GIVEN, basis="电话确认，本人同意提供联系方式"
    )
    application.consents.record(
        officer, refused, ConsentScope.RECOMMENDATION, ConsentDecision.WITHDRAWN, basis="本人来信，不希望被推荐"
    )
    application.reveals.reveal(officer, EntityKind.EXPERT, seen, "核对职称与单位，准备走访")
    application.erasures.erase(TESTER, erased, "本人来信要求删除", rebuild=False)


def _expert_ids(application: Application) -> list[str]:
    with application.database.read() as unit:
        return [expert.id for expert in unit.experts.iterate()]


def _change_some(application: Application) -> None:
    """What the second night finds changed."""
    with application.database.write() as unit:
        for need in _some(unit.needs.iterate(), 3):
            unit.needs.upsert([replace(need, keywords=(*need.keywords, "现场诊断"))])


def _some(items: Iterator[Any], n: int) -> list[Any]:
    found = list(items)
    return found[:: max(1, len(found) // n)][:n]


def copy_of(template: Path, folder: Path, **settings: Any) -> Application:
    """An application on a copy of a town that nobody has open."""
    shutil.copytree(template, folder)
    application = Application(settings_in(folder, **settings))
    application.database.upgrade()
    return application


def main() -> None:
    """Build a town to look at."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--serve", type=int, metavar="PORT", default=0)
    chosen = parser.parse_args()
    is_there = chosen.folder.exists()
    application = Application(settings_in(chosen.folder)) if is_there else build(chosen.folder)
    if chosen.serve:
        uvicorn.run(create_app(application), host="127.0.0.1", port=chosen.serve)
    application.database.close()


if __name__ == "__main__":
    main()
