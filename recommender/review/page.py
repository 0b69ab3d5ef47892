"""``docs/workflows.md``, written from the tables: ``python -m recommender.review.page``."""

import sys
from typing import TypeVar

from recommender.domain.workflow import CaseState, NeedState, ReasonCode
from recommender.review import messages as zh
from recommender.review.cases import CASES
from recommender.review.needs import NEEDS
from recommender.review.workflow import Step, Workflow

S = TypeVar("S", NeedState, CaseState)


def page() -> str:
    """The whole page."""
    sections = "\n".join((_section(NEEDS, tuple(NeedState)), _section(CASES, tuple(CaseState))))
    return zh.PAGE.format(reasons="、".join(ReasonCode), sections=sections)


def _section(workflow: Workflow[S], states: tuple[S, ...]) -> str:
    names = {state: f"s{number}" for number, state in enumerate(states)}
    ordered = sorted(workflow.steps, key=lambda step: (states.index(step.source), states.index(step.target)))
    # An alias for every state: mermaid takes no slash in a name.
    diagram = [f'    state "{state.value}" as {names[state]}' for state in states]
    diagram += [f"    [*] --> {names[states[0]]}"]
    diagram += [f"    {names[step.source]} --> {names[step.target]}" for step in ordered]
    waits = [(state, workflow.waits[state]) for state in states if state in workflow.waits]
    return zh.SECTION.format(
        label=workflow.label,
        diagram="\n".join(diagram),
        steps="\n".join(map(_row, ordered)),
        waits="\n".join(f"| {state.value} | {wait.what} | {wait.days} |" for state, wait in waits),
    )


def _row(step: Step[S]) -> str:
    parties = [zh.PARTIES[step.permission]] if step.permission is not None else []
    parties += [zh.SYSTEM] if step.by_system else []
    cells = (
        step.source.value,
        step.target.value,
        "、".join(parties),
        zh.YES if step.negative else zh.NO,
        zh.YES if step.note else zh.NO,
    )
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.stdout.write(page())
