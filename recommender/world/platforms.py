"""Innovation platforms: equipment and services for a topic and some of its neighbours."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from recommender.domain.entities import Platform
from recommender.domain.kinds import PlatformType
from recommender.world.draws import chance, pick, some, stream
from recommender.world.material import Material
from recommender.world.names import PersonNames
from recommender.world.organisations import Organisation, Organisations
from recommender.world.plan import Spread
from recommender.world.sentences import Slots, Wording
from recommender.world.topics import Topic
from recommender.world.unrepeated import Unrepeated

_LAST_YEAR: Final = 2026
_N_CORE_KEYWORDS: Final = 5
"""Of each topic: what stands first in its list is what it is about."""
_CERTIFIED: Final = frozenset({PlatformType.TESTING.value, PlatformType.KEY_LABORATORY.value})


@dataclass(frozen=True, slots=True)
class CityPlatform:
    """A platform and the ids of its topics, the main one first."""

    record: Platform
    topics: tuple[str, ...]


class PlatformWriter:
    """Describes platforms."""

    def __init__(self, material: Material, wording: Wording, organisations: Organisations, seed: int) -> None:
        self._material = material
        self._wording = wording
        self._organisations = organisations
        self._rng = stream(seed, "platforms")
        self._people = PersonNames(material)
        self._kinds = dict(
            zip(material.texts("platforms", "names"), material.texts("platforms", "kinds"), strict=True)
        )
        self._names = material.weighted("platforms", "names", weights="weights")
        self._levels = material.weighted("platforms", "levels", weights="level_weights")
        self._assessments = material.weighted("platforms", "assessments", weights="assessment_weights")

    def write(self, spread: Spread) -> tuple[CityPlatform, ...]:
        """All platforms in order of their ids; topics stand in random order."""
        mains = [self._material.topics[topic_id] for topic_id, n in spread.platforms.items() for _ in range(n)]
        self._rng.shuffle(mains)
        names, texts = Unrepeated(), Unrepeated()
        return tuple(self._platform(number, main, names, texts) for number, main in enumerate(mains, start=1))

    def _platform(self, number: int, main: Topic, names: Unrepeated, texts: Unrepeated) -> CityPlatform:
        rng = self._rng
        siblings = self._material.topics.siblings(main)
        topics = (main, *some(rng, siblings, pick(rng, (0, 0, 1, 1, 2))))
        organisation, pattern, name = names.first_new(lambda: self._named(main), lambda made: made[2])
        fields, services, equipment = texts.first_new(
            lambda: self._offer(topics), lambda made: "\n".join(made[1:])
        )
        kind, level, year = self._kinds[pattern], self._levels.draw(rng), _LAST_YEAR - rng.randint(0, 14)
        is_certified = kind in _CERTIFIED and chance(rng, 0.6)
        record = Platform(
            id=f"PT{number:05d}",
            name=name,
            type=kind,
            level=level,
            host_organisation=organisation.name,
            province=organisation.province,
            city=organisation.city,
            industry_chain=main.chain,
            research_fields=fields,
            services=services,
            equipment=equipment,
            certifications=tuple(some(rng, ("CNAS", "CMA"), rng.randint(1, 2))) if is_certified else (),
            director=self._people.draw(rng),
            technical_field=main.sub_field,
            n_staff=rng.randint(6, 120),
            open_sharing=Slots(rng, main, self._wording).fill(self._material.texts("platforms", "sharing")),
            n_enterprises_served=int(rng.lognormvariate(3.2, 1.0)),
            recognised_in=year,
            valid_until=date(year + rng.randint(3, 6), pick(rng, (6, 12)), 30) if chance(rng, 0.7) else None,
            assessment=self._assessments.draw(rng) if chance(rng, 0.8) else "",
        )
        return CityPlatform(record, tuple(topic.id for topic in topics))

    def _named(self, main: Topic) -> tuple[Organisation, str, str]:
        organisation = self._organisations.draw(main.chain, self._rng)
        pattern = self._names.draw(self._rng)
        slots = Slots(self._rng, main, self._wording, {"field": (main.sub_field,)})
        slots["k"], slots["k2"] = some(self._rng, main.keywords[:_N_CORE_KEYWORDS], 2)
        core = slots.fill(self._material.texts("platforms", "cores"))
        name = pattern.format(
            org=organisation.name, province=organisation.province, city=organisation.city, core=core
        )
        return organisation, pattern, name

    def _offer(self, topics: Sequence[Topic]) -> tuple[tuple[str, ...], str, str]:
        """Fields, services and equipment; every topic adds to them."""
        fields: list[str] = []
        services, equipment = [], []
        for position, topic in enumerate(topics):
            slots = Slots(self._rng, topic, self._wording)
            fields += some(self._rng, topic.keywords, 3 if position == 0 else 1)
            if position == 0:
                services.append(slots.fill(self._material.texts("platforms", "services")))
                equipment.append(slots.fill(self._material.texts("platforms", "equipment")))
            else:
                services.append(slots["v"])
                equipment.append(slots["e"])
        return tuple(dict.fromkeys(fields)), "；".join(services), "；".join(equipment)


def platforms_by_topic(platforms: Sequence[CityPlatform]) -> Mapping[str, Sequence[str]]:
    """Ids of the platforms that work on each topic, in order."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for platform in platforms:
        for topic in platform.topics:
            found[topic].append(platform.record.id)
    return found
