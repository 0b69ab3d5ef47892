"""How complete a need is, what is missing or too vague, and one question for each gap."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from recommender.domain.entities import Need
from recommender.domain.indicators import Comparator, Indicator
from recommender.domain.kinds import DesiredPartner
from recommender.domain.match import Span
from recommender.intake.fields import FieldIndicator
from recommender.intake.indicators.extracted import Change, ExtractedIndicator
from recommender.intake.knowledge import FULL_SCORE, Industry, IntakeKnowledge, PartRule
from recommender.intake.parts import Part, PartState
from recommender.intake.passages import Passage, passages_of
from recommender.intake.topic import topic_of

Words = Callable[[str], Sequence[str]]
"""Divides a text into words."""

_SHARE: Final = {PartState.MISSING: 0.0, PartState.VAGUE: 0.5, PartState.CLEAR: 1.0}
_MIN_SPECIFIC: Final = {
    Part.TITLE: 2,
    Part.DIFFICULTIES: 6,
    Part.CONTENT: 8,
    Part.FOUNDATION: 5,
    Part.SCENARIO: 4,
}
"""Different telling words from which on a part says enough."""
_MIN_INDICATORS: Final = 2
_MAX_QUOTED: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class PartResult:
    """One part of a need.

    Attributes:
        points: of ``weight``.
        question: for a part that is missing or vague, else ``""``.
        quoted: the words that say too little, ``""`` where there are none to show.
        field, span: where these stand, ``""`` and ``None`` where they do not.
    """

    part: Part
    label: str
    state: PartState
    points: float
    weight: int
    reason: str
    question: str = ""
    quoted: str = ""
    field: str = ""
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """How complete a need is.

    Attributes:
        score: 0 to 100, higher is better.
        parts: in the order of the form.
        topic: what the need is about, as the questions name it.
        industry: whose examples the questions give, ``""`` where none was recognised.
    """

    score: int
    parts: tuple[PartResult, ...]
    topic: str
    industry: str

    @property
    def gaps(self) -> tuple[PartResult, ...]:
        """What is missing or vague, most points lost first."""
        lacking = (result for result in self.parts if result.state is not PartState.CLEAR)
        return tuple(sorted(lacking, key=lambda result: result.points - result.weight))


@dataclass(frozen=True, slots=True)
class _Finding:
    state: PartState
    quoted: str = ""
    field: str = ""
    span: Span | None = None
    ask: str = ""


def completeness(
    need: Need, indicators: Sequence[FieldIndicator], words: Words, knowledge: IntakeKnowledge
) -> Completeness:
    """Judge a need.

    Length earns nothing: a part is clear by how many different telling words, figures or plain statements it
    has, and a sentence that stands twice counts once.

    Args:
        need: as written so far; any field may be empty.
        indicators: those found in its text.
        words: the segmenter.
        knowledge: weights, examples, telling words.
    """
    judged = _Judge(need, indicators, words, knowledge)
    topic = topic_of(need)
    industry = knowledge.industry_of(need.industry_chain, need.title, need.text)
    parts = tuple(_result(rule, judged.find(rule.part), topic, industry) for rule in knowledge.parts)
    score = round(FULL_SCORE * sum(part.points for part in parts) / sum(part.weight for part in parts))
    return Completeness(score=score, parts=parts, topic=topic, industry=industry.name)


def _result(rule: PartRule, finding: _Finding, topic: str, industry: Industry) -> PartResult:
    points = rule.weight * _SHARE[finding.state]
    return PartResult(
        part=rule.part,
        label=rule.label,
        state=finding.state,
        points=points,
        weight=rule.weight,
        reason=rule.reason,
        question=_question(rule, finding, topic, industry),
        quoted=finding.quoted,
        field=finding.field,
        span=finding.span,
    )


def _question(rule: PartRule, finding: _Finding, topic: str, industry: Industry) -> str:
    if finding.state is PartState.CLEAR:
        return ""
    example = industry.examples[rule.part]
    if finding.ask:
        return f"“{finding.quoted}”：{finding.ask}例如：{example}"
    is_quoted = finding.state is PartState.VAGUE and (finding.quoted or "{quoted}" not in rule.vague_question)
    template = rule.vague_question if is_quoted else rule.question
    return template.format(topic=topic, measures=industry.measures, example=example, quoted=finding.quoted)


class _Judge:
    """Looks at the parts of one need."""

    def __init__(
        self, need: Need, indicators: Sequence[FieldIndicator], words: Words, knowledge: IntakeKnowledge
    ) -> None:
        self._need = need
        self._indicators = indicators
        self._words = words
        self._knowledge = knowledge
        self._passages = passages_of(need, knowledge)

    def find(self, part: Part) -> _Finding:
        """How well a part is filled in."""
        match part:
            case Part.TITLE:
                return self._title()
            case Part.INDICATORS:
                return self._figures()
            case Part.FIELD:
                return self._field()
            case Part.FOUNDATION:
                return self._foundation()
            case Part.DIFFICULTIES | Part.CONTENT | Part.SCENARIO:
                return self._prose(part, self._of(part))
            case _:
                return self._statement(part)

    def _of(self, part: Part) -> list[Passage]:
        return [passage for passage in self._passages if part in passage.parts]

    def _specific(self, text: str) -> set[str]:
        generic = self._knowledge.generic_words
        return {
            word for word in self._words(text) if len(word) > 1 and not word.isdigit() and word not in generic
        }

    def _title(self) -> _Finding:
        title = self._need.title.strip()
        if not title:
            return _Finding(PartState.MISSING)
        if len(self._specific(title)) >= _MIN_SPECIFIC[Part.TITLE]:
            return _Finding(PartState.CLEAR)
        return _Finding(PartState.VAGUE, title[:_MAX_QUOTED], "title", Span(0, min(len(title), _MAX_QUOTED)))

    def _figures(self) -> _Finding:
        stated = {text for text in self._need.indicators if Indicator.parse(text)}
        bounds = [item.indicator for item in self._indicators if _is_bound(item.indicator)]
        found = {text for indicator in bounds for text in indicator.texts}
        if len(stated | found) >= _MIN_INDICATORS:
            return _Finding(PartState.CLEAR)
        is_touched = bool(stated or self._indicators or self._need.indicators)
        return self._wish(PartState.VAGUE if is_touched else PartState.MISSING)

    def _wish(self, state: PartState) -> _Finding:
        """The first wish of the need that no figure of its sentence makes checkable."""
        for passage in self._passages:
            if any(item.stands_in(passage.field, passage.span) for item in self._indicators):
                continue
            for phrase in self._knowledge.vague:
                found = phrase.pattern.search(passage.text)
                if found is not None:
                    start = passage.span.start + found.start()
                    quoted = found[0][:_MAX_QUOTED]
                    return _Finding(state, quoted, passage.field, Span(start, start + len(quoted)), phrase.ask)
        return _Finding(state)

    def _field(self) -> _Finding:
        need = self._need
        if need.industry_chain or need.technical_field or need.industry:
            return _Finding(PartState.CLEAR)
        guessed = self._knowledge.industry_of("", need.title, need.text).name
        return _Finding(PartState.VAGUE, guessed) if guessed else _Finding(PartState.MISSING)

    def _foundation(self) -> _Finding:
        passages = self._of(Part.FOUNDATION)
        telling = [passage for passage in passages if not self._knowledge.boast.search(passage.text)]
        if passages and not telling:
            return self._quoting(PartState.VAGUE, passages[0])
        return self._prose(Part.FOUNDATION, telling)

    def _prose(self, part: Part, passages: Sequence[Passage]) -> _Finding:
        if not passages:
            return _Finding(PartState.MISSING)
        text = "\n".join(passage.text for passage in passages)
        if len(self._specific(text)) >= _MIN_SPECIFIC[part]:
            return _Finding(PartState.CLEAR)
        return self._quoting(PartState.VAGUE, min(passages, key=lambda item: len(self._specific(item.text))))

    def _statement(self, part: Part) -> _Finding:
        if _is_stated(part, self._need):
            return _Finding(PartState.CLEAR)
        if part is Part.PARTNERS and DesiredPartner.ANY in self._need.desired_partners:
            return _Finding(PartState.VAGUE, DesiredPartner.ANY.value)
        if any(self._knowledge.facts[part].search(passage.text) for passage in self._passages):
            return _Finding(PartState.CLEAR)
        for passage in self._passages:
            mention = self._knowledge.weak[part].search(passage.text)
            if mention is not None:
                start = passage.span.start + mention.start()
                return _Finding(PartState.VAGUE, mention[0], passage.field, Span(start, start + len(mention[0])))
        return _Finding(PartState.MISSING)

    @staticmethod
    def _quoting(state: PartState, passage: Passage) -> _Finding:
        end = min(passage.span.end, passage.span.start + _MAX_QUOTED)
        quoted = passage.text[:_MAX_QUOTED]
        return _Finding(state, quoted, passage.field, Span(passage.span.start, end))


def _is_bound(indicator: ExtractedIndicator) -> bool:
    """Whether it says what is wanted, rather than what is."""
    is_limit = any(bound.comparator is not Comparator.EQUAL for bound in indicator.bounds)
    return is_limit or indicator.change is not Change.NONE


def _is_stated(part: Part, need: Need) -> bool:
    match part:
        case Part.COOPERATION:
            return need.cooperation_mode is not None or need.contract_type is not None
        case Part.BUDGET:
            return need.budget_wan is not None or need.reward_wan is not None
        case Part.TIME:
            return need.deadline is not None or need.duration_months is not None
        case Part.PARTNERS:
            named = [partner for partner in need.desired_partners if partner is not DesiredPartner.ANY]
            return bool(named or need.intended_experts)
    return False
