"""Achievements: what the experts have to show, with their authors and the platforms they came from."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from recommender.domain.entities import Achievement
from recommender.domain.indicators import Comparator, Indicator
from recommender.domain.kinds import AchievementType, LegalStatus, TransferMode
from recommender.world.careers import MAX_EVIDENCE, Career
from recommender.world.draws import Weighted, chance, pick, some, stream
from recommender.world.material import Material
from recommender.world.sentences import Slots, Wording, drawn
from recommender.world.topics import Topic
from recommender.world.unrepeated import Unrepeated

_TYPES: Final = Weighted.of(
    (
        AchievementType.PAPER,
        AchievementType.INVENTION,
        AchievementType.UTILITY_MODEL,
        AchievementType.PROJECT,
        AchievementType.AWARD,
        AchievementType.STANDARD,
        AchievementType.CONVERSION,
    ),
    (50, 25, 5, 10, 3, 3, 4),
)
_PATTERNS: Final[Mapping[AchievementType, str]] = {
    AchievementType.PAPER: "paper",
    AchievementType.INVENTION: "patent",
    AchievementType.UTILITY_MODEL: "patent",
    AchievementType.PROJECT: "project",
    AchievementType.AWARD: "award",
    AchievementType.STANDARD: "standard",
    AchievementType.CONVERSION: "conversion",
}
_PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "paper": ("openings", "methods", "results", "closings"),
    "patent": ("openings", "bodies", "effects"),
    "project": ("openings", "contents", "outcomes"),
    "award": ("openings", "contents", "outcomes"),
    "standard": ("openings", "contents", "outcomes"),
    "conversion": ("openings", "contents", "outcomes"),
}
_TRLS: Final[Mapping[AchievementType, tuple[int, ...]]] = {
    AchievementType.PAPER: (2, 3, 3, 4),
    AchievementType.INVENTION: (4, 5, 5, 6, 7),
    AchievementType.UTILITY_MODEL: (5, 6, 7, 8),
    AchievementType.PROJECT: (3, 4, 5, 6, 7),
    AchievementType.AWARD: (6, 7, 8, 9),
    AchievementType.STANDARD: (),
    AchievementType.CONVERSION: (7, 8, 8, 9),
}
_PATENTS: Final = (AchievementType.INVENTION, AchievementType.UTILITY_MODEL)
_STATUSES: Final = Weighted.of(
    (LegalStatus.GRANTED, LegalStatus.EXAMINED, LegalStatus.PUBLISHED, LegalStatus.APPLIED, LegalStatus.LAPSED),
    (62, 14, 8, 8, 8),
)
_ROLES: Final = Weighted.of(("主持", "骨干", "参与"), (60, 25, 15))
_OWNERSHIPS: Final = Weighted.of(("完成单位", "单位与完成人共有", "多家单位共有", "完成人"), (70, 14, 12, 4))
_LAST_YEAR: Final = 2026
_MAIN_TOPIC_SHARE: Final = 0.72
_CO_AUTHORED_SHARE: Final = 0.3
_PLATFORM_SHARE: Final = 0.3
_RESERVE: Final = 0.7
"""Papers seldom say what an enterprise would call the product."""


@dataclass(frozen=True, slots=True)
class CityAchievement:
    """An achievement, its topic's id and the platforms it came from."""

    record: Achievement
    topic: str
    platform_ids: tuple[str, ...]


class AchievementWriter:
    """Writes what experts have done, one piece after the other."""

    def __init__(self, material: Material, wording: Wording, seed: int) -> None:
        self._material = material
        self._wording = wording
        self._rng = stream(seed, "achievements")
        self._titles, self._texts = Unrepeated(), Unrepeated()

    def write(
        self, careers: Sequence[Career], platforms_by_topic: Mapping[str, Sequence[str]]
    ) -> Iterator[CityAchievement]:
        """All evidence, expert by expert.

        Args:
            platforms_by_topic: ids of the platforms that work on a topic; topics without any may be left out.
        """
        colleagues: defaultdict[str, list[int]] = defaultdict(list)
        for index, career in enumerate(careers):
            colleagues[career.topics[0].id].append(index)
        loads = [career.n_evidence for career in careers]
        number = 0
        for career in careers:
            for piece in range(career.n_evidence):
                number += 1
                topic = self._topic(career, piece)
                authors = self._authors(career, careers, colleagues[topic.id], loads)
                platforms = platforms_by_topic.get(topic.id, ())
                yield CityAchievement(
                    self._record(f"CG{number:07d}", career, topic, authors),
                    topic.id,
                    tuple(some(self._rng, platforms, 1)) if chance(self._rng, _PLATFORM_SHARE) else (),
                )

    def _topic(self, career: Career, piece: int) -> Topic:
        """The first piece is on the main topic and the second on the other one, if there is any."""
        if len(career.topics) == 1 or piece == 0:
            return career.topics[0]
        if piece == 1:
            return career.topics[1]
        return career.topics[0 if chance(self._rng, _MAIN_TOPIC_SHARE) else 1]

    def _authors(
        self, career: Career, careers: Sequence[Career], colleagues: Sequence[int], loads: list[int]
    ) -> tuple[str, ...]:
        """The expert and now and then one or two colleagues, none of whom gets more than the most there is."""
        authors = [career.id]
        if colleagues and chance(self._rng, _CO_AUTHORED_SHARE):
            for index in some(self._rng, colleagues, pick(self._rng, (1, 1, 2))):
                if loads[index] < MAX_EVIDENCE and careers[index].id != career.id:
                    loads[index] += 1
                    authors.append(careers[index].id)
        return tuple(authors)

    def _record(self, id_: str, career: Career, topic: Topic, authors: tuple[str, ...]) -> Achievement:
        rng = self._rng
        kind = _TYPES.draw(rng)
        slots, title = self._titles.first_new(lambda: self._title(kind, topic), lambda made: made[1])
        abstract = self._texts.first_new(lambda: self._abstract(kind, slots), lambda made: made)
        is_patent = kind in _PATENTS
        year = _LAST_YEAR - min(int(rng.expovariate(0.22)), 16)
        trls = _TRLS[kind]
        is_for_sale = kind is not AchievementType.PAPER and kind is not AchievementType.STANDARD
        return Achievement(
            id=id_,
            type=kind.value,
            title=title,
            abstract=abstract,
            keywords=self._keywords(slots, topic),
            organisation=career.organisation.name,
            author_ids=authors,
            year=year,
            trl=pick(rng, trls) if trls and chance(rng, 0.25 if kind is AchievementType.PAPER else 0.8) else None,
            industry_chain=topic.chain,
            application_industry=topic.industries[0].partition(" ")[2] if chance(rng, 0.5) else "",
            transfer_modes=_values(some(rng, tuple(TransferMode), rng.randint(1, 2))) if is_for_sale else (),
            technical_field=topic.sub_field if chance(rng, 0.4) else "",
            indicators=self._indicators(slots) if chance(rng, 0.25) else (),
            patent_number=_patent_number(id_, year) if is_patent else "",
            legal_status=_STATUSES.draw(rng) if is_patent else None,
            ownership=_OWNERSHIPS.draw(rng) if is_for_sale and chance(rng, 0.6) else "",
            price_wan=float(pick(rng, (5, 10, 20, 30, 50, 80, 120, 200)))
            if is_patent and chance(rng, 0.2)
            else None,
            role=_ROLES.draw(rng) if kind is AchievementType.PROJECT else "",
            amount_wan=self._amount(kind),
        )

    def _title(self, kind: AchievementType, topic: Topic) -> tuple[Slots, str]:
        slots = Slots(
            self._rng,
            topic,
            self._wording,
            {"state": self._material.texts("achievements", "states", "words")},
            reserve=_RESERVE,
        )
        return slots, slots.fill(self._material.texts("achievements", _PATTERNS[kind], "titles"))

    def _abstract(self, kind: AchievementType, slots: Slots) -> str:
        patterns = _PATTERNS[kind]
        return "".join(
            slots.fill(self._material.texts("achievements", patterns, part)) for part in _PARTS[patterns]
        )

    def _keywords(self, slots: Slots, topic: Topic) -> tuple[str, ...]:
        words = [slots["k"], slots["k2"], *some(self._rng, topic.keywords, 2)]
        return tuple(dict.fromkeys(words))[: self._rng.randint(2, 4)]

    def _indicators(self, slots: Slots) -> tuple[str, ...]:
        written = [
            Indicator(
                indicator.name,
                Comparator.AT_LEAST if indicator.at_least else Comparator.AT_MOST,
                drawn(indicator, self._rng),
                indicator.unit,
            )
            for indicator in slots.indicators[: self._rng.randint(1, 2)]
        ]
        return tuple(str(item) for item in written if Indicator.parse(str(item)) == item)

    def _amount(self, kind: AchievementType) -> float | None:
        if kind not in (AchievementType.PROJECT, AchievementType.CONVERSION):
            return None
        return float(min(3000, max(5, round(self._rng.lognormvariate(4.0, 0.9)))))


def _values(modes: Sequence[TransferMode]) -> tuple[str, ...]:
    return tuple(mode.value for mode in modes)


def _patent_number(id_: str, year: int) -> str:
    """A number of the shape of patent numbers; no patent has a 7 in the place of its kind."""
    digits = f"{year}7{id_.removeprefix('CG')}"
    check = sum(int(digit) * (2 + index % 8) for index, digit in enumerate(digits)) % 11
    return f"ZL{digits}.{'X' if check == 10 else check}"  # noqa: PLR2004
