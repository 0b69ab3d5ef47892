"""Experts, described from their careers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from random import Random
from typing import Final

from recommender.domain.entities import Expert
from recommender.domain.kinds import CooperationMode, ExpertCategory, Willingness
from recommender.world.careers import Career
from recommender.world.draws import Weighted, chance, pick, some, stream
from recommender.world.material import Material
from recommender.world.sentences import Slots, Wording
from recommender.world.unrepeated import Unrepeated

AS_OF: Final = date(2026, 11, 1)
"""The city's present day: the world does not change with the calendar."""

_WILLINGNESS: Final = Weighted.of(tuple(Willingness), (88, 8, 4))
_CAPACITIES: Final = Weighted.of((1, 2, 3, 4, 5, 8), (14, 26, 30, 14, 11, 5))
_CATEGORIES: Final = Weighted.of(tuple(ExpertCategory), (94, 4, 2))
_RESERVE: Final = 0.5
"""Experts put their offer in their own words more often than in those of enterprises."""
_REGION_CHOICES: Final = ("张家港", "苏州", "江苏", "长三角")


@dataclass(frozen=True, slots=True)
class CityExpert:
    """An expert and the ids of the topics."""

    record: Expert
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Profile:
    research_fields: tuple[str, ...]
    solvable_problems: str
    biography: str

    @property
    def text(self) -> str:
        return "\n".join((*self.research_fields, self.solvable_problems, self.biography))


class ExpertWriter:
    """Describes experts: some by a list of fields alone, some fully, as registers have them."""

    def __init__(self, material: Material, wording: Wording, seed: int) -> None:
        self._material = material
        self._wording = wording
        self._seed = seed
        self._titles = material.weighted("experts", "profile", "titles", weights="title_weights")

    def write(self, careers: Sequence[Career], enterprise_codes: Sequence[str]) -> Iterator[CityExpert]:
        """Every expert in order.

        Args:
            enterprise_codes: of the enterprises in the city, a few of which are to be avoided by somebody.
        """
        rng = stream(self._seed, "experts")
        unrepeated = Unrepeated()
        for career in careers:
            profile = unrepeated.first_new(partial(self._profile, career, rng), lambda made: made.text)
            yield CityExpert(
                self._record(career, profile, enterprise_codes, rng), tuple(topic.id for topic in career.topics)
            )

    def _profile(self, career: Career, rng: Random) -> _Profile:
        main = career.topics[0]
        slots = Slots(rng, main, self._wording, reserve=_RESERVE)
        solvable = slots.fill(self._material.texts("experts", "profile", "solvable")) if chance(rng, 0.22) else ""
        patterns = some(
            rng, self._material.texts("experts", "profile", "biographies"), pick(rng, (0, 1, 2, 2, 3))
        )
        return _Profile(
            research_fields=self._fields(career, rng),
            solvable_problems=solvable,
            biography="".join(pattern.format_map(slots) for pattern in patterns),
        )

    def _fields(self, career: Career, rng: Random) -> tuple[str, ...]:
        main = career.topics[0]
        fields = some(rng, main.keywords, pick(rng, (2, 2, 3, 3, 4)))
        if chance(rng, 0.35):
            fields += some(rng, main.subjects, 1)
        for second in career.topics[1:]:
            fields += some(rng, second.keywords, pick(rng, (1, 2)))
        return tuple(dict.fromkeys(fields))

    def _record(self, career: Career, profile: _Profile, enterprise_codes: Sequence[str], rng: Random) -> Expert:
        chain = career.topics[0].chain
        texts = self._material.texts
        verified = _day_before(rng, 900) if chance(rng, 0.7) else None
        has_contacts = chance(rng, 0.6)
        return Expert(
            id=career.id,
            name=career.name,
            organisation=career.organisation.name,
            department=pick(rng, texts("experts", "departments", chain))
            if career.organisation.is_university
            else "",
            job_title=self._titles.draw(rng),
            honours=pick(rng, texts("experts", "profile", "honours")) if chance(rng, 0.08) else "",
            province=career.organisation.province,
            city=career.organisation.city,
            research_fields=profile.research_fields,
            discipline=pick(rng, texts("experts", "disciplines", chain)),
            industry_chain=chain,
            solvable_problems=profile.solvable_problems,
            biography=profile.biography,
            cooperation_modes=tuple(some(rng, tuple(CooperationMode), rng.randint(1, 4))),
            capacity=_CAPACITIES.draw(rng) if chance(rng, 0.8) else None,
            n_active_engagements=pick(rng, (0, 0, 0, 0, 1, 1, 2)),
            willingness=_WILLINGNESS.draw(rng),
            avoided_enterprises=tuple(some(rng, enterprise_codes, 1)) if chance(rng, 0.01) else (),
            consent_withdrawn_on=_day_before(rng, 400) if chance(rng, 0.004) else None,
            verified_on=verified,
            data_source=pick(rng, texts("experts", "profile", "sources")),
            category=_CATEGORIES.draw(rng),
            preferred_regions=tuple(some(rng, _REGION_CHOICES, 1)) if chance(rng, 0.15) else (),
            response_ratio=round(rng.betavariate(5, 2), 2) if chance(rng, 0.3) else None,
            acceptance_ratio=round(rng.betavariate(3, 4), 2) if chance(rng, 0.3) else None,
            phone=_phone(career) if has_contacts else "",
            email=f"{career.id.lower()}@example.edu.cn" if has_contacts else "",
            source_url=f"https://www.example.edu.cn/{career.id}" if chance(rng, 0.4) else "",
            collected_on=_day_before(rng, 1200),
            consent_record=pick(rng, texts("experts", "profile", "consents")).format(day=verified)
            if verified
            else "",
        )


def _day_before(rng: Random, n_days: int) -> date:
    """A day of the last so many."""
    return AS_OF - timedelta(days=rng.randrange(n_days))


def _phone(career: Career) -> str:
    """A number of the shape of mobile numbers, of a range that nobody is given numbers of."""
    number = int(career.id.removeprefix("ZJ"))
    return f"154{number * 7919 % 10**8:08d}"
