"""A draft of the public summary, made of the need's own sentences, for a person to check."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from recommender.domain.entities import Need
from recommender.domain.kinds import Confidentiality
from recommender.intake import messages as zh
from recommender.intake.fields import FieldIndicator
from recommender.intake.knowledge import IntakeKnowledge
from recommender.intake.parts import Part
from recommender.intake.passages import Passage, passages_of
from recommender.intake.sensitive import CONTACTS, Sensitive, sensitive_spans

MAX_CHARS: Final = 200
_MAX_SENTENCES: Final = 4
_MIN_CHARS: Final = 8
_TELLING: Final = (Part.DIFFICULTIES, Part.CONTENT, Part.SCENARIO)


@dataclass(frozen=True, slots=True)
class SummaryDraft:
    """A drafted summary.

    Attributes:
        text: sentences of the need, each as written; ``""`` where none may be shown.
        left_out: kind of what was left out → how many sentences for it.
        note: zh-CN: that a person has to check it, and what was left out.
    """

    text: str
    left_out: dict[str, int]
    note: str


def draft_summary(
    need: Need, indicators: Sequence[FieldIndicator], knowledge: IntakeKnowledge, *, names: Sequence[str] = ()
) -> SummaryDraft:
    """Draft what may be shown to everybody.

    Sentences that name anybody, an amount, a contact or a model are left out; of a confidential need those with
    figures as well, and its sentences at all: what remains is topic, field and what is sought.

    Args:
        need: with its 密级.
        indicators: those in its text.
        knowledge: which sentences tell what.
        names: of the enterprise.
    """
    if need.confidentiality is Confidentiality.CONFIDENTIAL:
        return _of_confidential(need, names)
    kept: list[str] = []
    left_out: dict[str, int] = {}
    n_chars = 0
    for passage in _best_first(passages_of(need, knowledge)):
        reasons = _reasons(passage, indicators, need.confidentiality, names)
        for reason in reasons:
            left_out[reason] = left_out.get(reason, 0) + 1
        fits = n_chars + len(passage.text) <= MAX_CHARS and len(kept) < _MAX_SENTENCES
        if not reasons and fits and len(passage.text) >= _MIN_CHARS:
            kept.append(passage.text)
            n_chars += len(passage.text)
    ordered = [passage.text for passage in passages_of(need, knowledge) if passage.text in kept]
    text = "。".join(sentence.rstrip("，,、：: ") for sentence in ordered)
    return SummaryDraft(f"{text}。" if text else "", left_out, _note(text, left_out))


def _best_first(passages: Sequence[Passage]) -> list[Passage]:
    """Sentences on what is difficult and what is to be done; company profile last."""

    def order(passage: Passage) -> int:
        places = [place for place, part in enumerate(_TELLING) if part in passage.parts]
        return min(places, default=len(_TELLING) + (Part.FOUNDATION in passage.parts))

    return sorted(passages, key=order)


def _reasons(
    passage: Passage, indicators: Sequence[FieldIndicator], level: Confidentiality, names: Sequence[str]
) -> list[str]:
    found = {item.kind for item in sensitive_spans(passage.text, names=names)}
    if level is Confidentiality.PUBLIC:
        found &= CONTACTS | {Sensitive.AMOUNT}
    reasons = sorted(kind.value for kind in found)
    has_figures = any(item.stands_in(passage.field, passage.span) for item in indicators)
    if has_figures and level is not Confidentiality.PUBLIC:
        reasons.append(zh.FIGURES)
    return reasons


def _of_confidential(need: Need, names: Sequence[str]) -> SummaryDraft:
    parts = [
        zh.SUMMARY_CHAIN.format(chain=need.industry_chain) if need.industry_chain else "",
        zh.SUMMARY_FIELD.format(field=need.technical_field) if need.technical_field else "",
        zh.SUMMARY_MODE.format(mode=need.cooperation_mode) if need.cooperation_mode else "",
    ]
    text = "；".join(part for part in parts if part)
    if sensitive_spans(text, names=names):
        text = ""
    return SummaryDraft(f"{text}。" if text else "", {}, zh.SUMMARY_CONFIDENTIAL)


def _note(text: str, left_out: dict[str, int]) -> str:
    if not text:
        return zh.SUMMARY_NOTHING
    if not left_out:
        return zh.SUMMARY_CHECK
    what = "、".join(f"{kind} {n} 句" for kind, n in left_out.items())
    return zh.SUMMARY_LEFT_OUT.format(what=what)
