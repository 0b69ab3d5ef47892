"""No text takes long, however it is made to: each of these once took seconds to minutes."""

import time

import pytest

from recommender.domain.entities import Need
from recommender.domain.kinds import Confidentiality
from recommender.intake.fields import indicators_of
from recommender.intake.knowledge import IntakeKnowledge
from recommender.intake.leaks import leaks
from recommender.intake.summary import draft_summary
from tests.unit.intake.conftest import Judge

N_CHARS = 20_000
LIMIT_S = 5.0
"""On a machine that others use as well; a tenth of it is usual."""


@pytest.mark.parametrize(
    "part",
    [
        "1",
        "1,",
        "1,111",
        "1.",
        "1:",
        "1、\n",
        "(",
        "-",
        "每",
        "一",
        "万",
        "A",
        "A1",
        "a@",
        "公司",
        "投入",
        "强度≥5%",
        "降低能耗20%的",
    ],
)
def test_a_text_made_to_be_slow_is_not(judge: Judge, knowledge: IntakeKnowledge, part: str) -> None:
    text = part * (N_CHARS // len(part))
    need = Need(
        id="",
        title=text[:200],
        description=text,
        public_summary=text[::-1],
        confidentiality=Confidentiality.CONFIDENTIAL,
    )
    start = time.perf_counter()
    judge(need)
    found = indicators_of(need)
    leaks(need, found)
    draft_summary(Need(id="", title="", description=text), found, knowledge)
    assert time.perf_counter() - start < LIMIT_S
