"""Needs as enterprises file them: symptoms in plain words, now and then with figures, now and then vague."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Final

from recommender.domain.entities import Need
from recommender.domain.indicators import Comparator, Indicator
from recommender.domain.kinds import (
    Confidentiality,
    ContractType,
    CooperationMode,
    DesiredPartner,
    NeedSource,
)
from recommender.world.draws import Weighted, chance, pick, some
from recommender.world.experts import AS_OF
from recommender.world.material import Material
from recommender.world.sentences import Slots, Wording, rounded
from recommender.world.topics import Topic
from recommender.world.unrepeated import Unrepeated

_MAX_TITLE: Final = 80
_VAGUE_SHARE: Final = 0.08
_FORM_SHARE: Final = 0.35
"""Of the needs that are not vague: filed on the three-part form."""
_FIGURES_SHARE: Final = 0.35
"""Of the needs that are not vague: they say which figure is to be reached."""
_BUDGETS_WAN: Final = (3, 5, 8, 10, 15, 20, 30, 50, 80, 100, 150, 200, 300, 500)
_SOURCES: Final = Weighted.of(tuple(NeedSource), (45, 25, 20, 10))
_CONFIDENTIALITY: Final = Weighted.of(tuple(Confidentiality), (30, 65, 5))


class NeedWriter:
    """Writes needs of enterprises."""

    def __init__(self, material: Material, wording: Wording, rng: Random) -> None:
        self._material = material
        self._wording = wording
        self._rng = rng
        self._unrepeated = Unrepeated()
        self._markets = material.table("enterprises", "markets")

    def write(self, number: int, topic: Topic, enterprise_code: str) -> Need:
        """The so-manieth need, on a topic."""
        text = self._unrepeated.first_new(
            lambda: self._described(f"XQ{number:06d}", topic), lambda need: f"{need.title}\n{need.text}"
        )
        return self._with_terms(text, topic, enterprise_code)

    def _described(self, id_: str, topic: Topic) -> Need:
        slots = self._slots(topic)
        if chance(self._rng, _VAGUE_SHARE):
            title = slots.fill(self._material.texts("needs", "vague_titles"))
            return Need(
                id=id_, title=title, description=slots.fill(self._material.texts("needs", "vague_bodies"))
            )
        title = slots.fill(self._material.texts("needs", "titles"))[:_MAX_TITLE]
        need = Need(id=id_, title=title, description=self._description(slots))
        return self._with_form(need, topic, slots) if chance(self._rng, _FORM_SHARE) else need

    def _slots(self, topic: Topic) -> Slots:
        return Slots(self._rng, topic, self._wording, {"market": self._markets[topic.chain]})

    def _description(self, slots: Slots) -> str:
        parts = [slots.fill(self._material.texts("needs", part)) for part in ("openings", "troubles", "effects")]
        parts.append(slots.fill(self._material.texts("needs", "attempts")))
        asks = "wants" if chance(self._rng, _FIGURES_SHARE) else "loose_wants"
        return "".join([*parts, slots.fill(self._material.texts("needs", asks))])

    def _with_form(self, need: Need, topic: Topic, slots: Slots) -> Need:
        """The same need with parts of the form filled in; its difficulties need not be the first ones told."""
        rng, texts = self._rng, self._material.texts
        return replace(
            need,
            difficulties=self._slots(topic).fill(texts("needs", "troubles")) if chance(rng, 0.8) else "",
            indicators=self._indicators(slots),
            research_content=slots.fill(texts("needs", "research")) if chance(rng, 0.7) else "",
            foundation=slots.fill(texts("needs", "foundations")) if chance(rng, 0.6) else "",
            scenario=slots.fill(texts("needs", "scenarios")) if chance(rng, 0.5) else "",
        )

    def _indicators(self, slots: Slots) -> tuple[str, ...]:
        written = [
            Indicator(
                indicator.name,
                Comparator.AT_LEAST if indicator.at_least else Comparator.AT_MOST,
                rounded(indicator, self._rng),
                indicator.unit,
            )
            for indicator in slots.indicators[: pick(self._rng, (0, 0, 1, 2))]
        ]
        return tuple(str(item) for item in written if Indicator.parse(str(item)) == item)

    def _with_terms(self, need: Need, topic: Topic, enterprise_code: str) -> Need:
        """The same need with what is agreed on beside its text."""
        rng, texts = self._rng, self._material.texts
        confidentiality = _CONFIDENTIALITY.draw(rng)
        slots = Slots(rng, topic, self._wording, {"chain": (topic.chain,)})
        has_summary = confidentiality is Confidentiality.CONFIDENTIAL or chance(rng, 0.2)
        return replace(
            need,
            enterprise_code=enterprise_code,
            industry_chain=topic.chain,
            cooperation_mode=pick(rng, tuple(CooperationMode)) if chance(rng, 0.8) else None,
            target_trl=rng.randint(4, 9) if chance(rng, 0.3) else None,
            budget_wan=float(pick(rng, _BUDGETS_WAN)) if chance(rng, 0.7) else None,
            deadline=_deadline(rng) if chance(rng, 0.6) else None,
            keywords=tuple(some(rng, topic.objects, rng.randint(1, 2))) if chance(rng, 0.4) else (),
            source=_SOURCES.draw(rng),
            technical_field=topic.sub_field if chance(rng, 0.3) else "",
            industry=_industry(topic) if chance(rng, 0.5) else "",
            contract_type=pick(rng, tuple(ContractType)) if chance(rng, 0.4) else None,
            desired_partners=tuple(some(rng, tuple(DesiredPartner), rng.randint(1, 2)))
            if chance(rng, 0.5)
            else (),
            duration_months=pick(rng, (3, 6, 9, 12, 18, 24)) if chance(rng, 0.5) else None,
            confidentiality=confidentiality,
            public_summary=slots.fill(texts("needs", "summaries")) if has_summary else "",
            diagnosis=slots.fill(texts("needs", "diagnoses")) if chance(rng, 0.25) else "",
        )


def _deadline(rng: Random) -> date:
    return AS_OF + timedelta(days=rng.randint(30, 540))


def _industry(topic: Topic) -> str:
    return topic.industries[0]
