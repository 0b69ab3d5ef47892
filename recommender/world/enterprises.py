"""Enterprises with their yearly facts, their needs, and the one query that each asks of the library."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from recommender.domain.entities import Enterprise, Need
from recommender.domain.facts import EnterpriseFact
from recommender.domain.kinds import EnterpriseNature, EnterpriseSize
from recommender.world.draws import Weighted, chance, pick, some, stream
from recommender.world.enterprise_codes import CheckDigit, enterprise_code
from recommender.world.enterprise_figures import YEARS, Character, yearly_facts
from recommender.world.experts import AS_OF
from recommender.world.material import Material
from recommender.world.needs import NeedWriter
from recommender.world.plan import Spread
from recommender.world.sentences import Slots, Wording
from recommender.world.topics import Topic
from recommender.world.unrepeated import Unrepeated

_SIZES: Final = Weighted.of(tuple(EnterpriseSize), (0.5, 4, 30, 65.5))
_NATURES: Final = Weighted.of(tuple(EnterpriseNature), (1.5, 1, 88, 5, 3, 1.5))
_CAPITALS_WAN: Final = (50, 100, 200, 300, 500, 500, 800, 1000, 1200, 2000, 3000, 5000, 8000, 10000, 20000)
_CLUSTER_FACTOR: Final = 3.0
_SECOND_TOPIC_SHARE: Final = 0.2
_NEED_SHARE: Final = 0.12
_SECOND_NEED_SHARE: Final = 0.15
_SALES_SHARES: Final = tuple(map(str, range(30, 95, 5)))
_FORMER_NAME_SHARE: Final = 0.05
_HIGH_TECH: Final = "高新技术企业"
_SMALL_TECH: Final = "科技型中小企业"
_HIGH_TECH_SHARES: Final = {
    EnterpriseSize.LARGE: 0.7,
    EnterpriseSize.MEDIUM: 0.5,
    EnterpriseSize.SMALL: 0.12,
    EnterpriseSize.MICRO: 0.008,
}
_FURTHER_QUALIFICATIONS: Final = (
    ("专精特新中小企业", 0.30),
    ("省专精特新中小企业", 0.18),
    ("专精特新小巨人", 0.04),
    ("瞪羚企业", 0.05),
    ("上市企业", 0.02),
)


@dataclass(frozen=True, slots=True)
class CityQuery:
    """What an enterprise asks of the library.

    Attributes:
        id: of its first need, or its own code where it has filed none.
        topic: id of the topic it is about.
        is_need: whether it is a need that was filed, rather than the enterprise's profile.
    """

    id: str
    title: str
    text: str
    topic: str
    is_need: bool


@dataclass(frozen=True, slots=True)
class CityEnterprise:
    """An enterprise and all that belongs to it.

    Attributes:
        topics: ids, the main one first.
        needs: each with the id of its topic.
    """

    record: Enterprise
    topics: tuple[str, ...]
    facts: tuple[EnterpriseFact, ...]
    needs: tuple[tuple[Need, str], ...]
    query: CityQuery


class EnterpriseWriter:
    """Describes enterprises."""

    def __init__(self, material: Material, wording: Wording, check_digit: CheckDigit, seed: int) -> None:
        self._material = material
        self._wording = wording
        self._check_digit = check_digit
        self._rng = stream(seed, "enterprises")
        self._fact_rng = stream(seed, "facts")
        self._needs = NeedWriter(material, wording, stream(seed, "needs"))
        self._heads = material.weighted("enterprises", "names", "heads", weights="head_weights")
        self._markets = material.table("enterprises", "markets")
        self._towns = {chain: _towns(material, chain) for chain in material.topics.chains}
        self._names, self._texts, self._queries = Unrepeated(), Unrepeated(), Unrepeated()
        self._n_needs = 0

    def write(self, spread: Spread) -> Iterator[CityEnterprise]:
        """All enterprises; topics stand in random order."""
        mains = [self._material.topics[topic_id] for topic_id, n in spread.enterprises.items() for _ in range(n)]
        self._rng.shuffle(mains)
        for number, main in enumerate(mains, start=1):
            yield self._enterprise(enterprise_code(number, self._check_digit), main)

    def _enterprise(self, code: str, main: Topic) -> CityEnterprise:
        rng = self._rng
        topics = (main, *self._second_topic(main))
        size = _SIZES.draw(rng)
        qualifications = _qualifications(size, rng)
        above_scale = size in (EnterpriseSize.LARGE, EnterpriseSize.MEDIUM) or (
            size is EnterpriseSize.SMALL and chance(rng, 0.25)
        )
        founded_on = AS_OF - timedelta(days=int(rng.triangular(120, 11_500, 3_200)))
        products, scope = self._texts.first_new(lambda: self._business(topics), "\n".join)
        record = Enterprise(
            code=code,
            name=self._names.first_new(lambda: self._name(main), str),
            town=self._towns[main.chain].draw(rng),
            industry=pick(rng, main.industries),
            industry_chain=main.chain,
            founded_on=founded_on,
            registered_capital=f"{pick(rng, _CAPITALS_WAN)}(万元人民币)",
            qualifications=qualifications,
            main_products=products,
            business_scope=scope,
            province="江苏",
            city="苏州",
            former_names=(self._names.first_new(lambda: self._name(main), str),)
            if chance(rng, _FORMER_NAME_SHARE)
            else (),
            nature=_NATURES.draw(rng).value,
            size=size,
            above_scale=above_scale,
        )
        needs = self._filed_needs(code, topics)
        reports = above_scale or bool(qualifications)
        return CityEnterprise(
            record=record,
            topics=tuple(topic.id for topic in topics),
            facts=self._facts(record) if reports else (),
            needs=needs,
            query=self._query(record, main, needs),
        )

    def _second_topic(self, main: Topic) -> Sequence[Topic]:
        siblings = self._material.topics.siblings(main)
        return some(self._rng, siblings, 1) if chance(self._rng, _SECOND_TOPIC_SHARE) else ()

    def _name(self, main: Topic) -> str:
        texts, rng = self._material.texts, self._rng
        own = "".join(pick(rng, texts("enterprises", "names", part)) for part in ("first", "second", "third"))
        trade = pick(rng, texts("enterprises", "trades", main.chain))
        form = pick(rng, texts("enterprises", "names", "forms"))
        return self._heads.draw(rng) + own + trade + form.removeprefix("科技" if trade.endswith("科技") else "")

    def _business(self, topics: Sequence[Topic]) -> tuple[str, str]:
        """主要产品 and 经营范围."""
        return (
            "；".join(self._slots(topic).fill(self._products) for topic in topics),
            self._scope(topics),
        )

    @property
    def _products(self) -> tuple[str, ...]:
        return self._material.texts("enterprises", "products", "forms")

    def _slots(self, topic: Topic) -> Slots:
        """Slots in which some products have a word in front, as makers like to have it."""
        slots = Slots(
            self._rng,
            topic,
            self._wording,
            {
                "market": self._markets[topic.chain],
                "cap": self._material.texts("enterprises", "products", "capacities"),
                "share": _SALES_SHARES,
            },
        )
        share = self._material.number("enterprises", "products", "adjective_share")
        for name in ("o", "o2", "o3"):
            if chance(self._rng, share):
                adjective = pick(self._rng, self._material.texts("enterprises", "products", "adjectives"))
                slots[name] = adjective + slots[name]
        return slots

    def _scope(self, topics: Sequence[Topic]) -> str:
        rng, texts = self._rng, self._material.texts
        clauses = [self._slots(topic).fill(texts("enterprises", "scopes", "main")) for topic in topics]
        clauses += some(rng, texts("enterprises", "scopes", "extra"), rng.randint(1, 5))
        return "；".join(clauses) + "。" + pick(rng, texts("enterprises", "scopes", "tail"))

    def _filed_needs(self, code: str, topics: Sequence[Topic]) -> tuple[tuple[Need, str], ...]:
        """Needs, the first of which is on the main topic."""
        if not chance(self._rng, _NEED_SHARE):
            return ()
        n_needs = 2 if chance(self._rng, _SECOND_NEED_SHARE) else 1
        filed = []
        for position in range(n_needs):
            self._n_needs += 1
            topic = topics[position % len(topics)]
            filed.append((self._needs.write(self._n_needs, topic, code), topic.id))
        return tuple(filed)

    def _facts(self, record: Enterprise) -> tuple[EnterpriseFact, ...]:
        assert record.founded_on is not None and record.size is not None
        age = (date(YEARS[-1], 12, 31) - record.founded_on).days // 365
        if age < 1:
            return ()
        character = Character(record.size, _HIGH_TECH in record.qualifications, age)
        return tuple(yearly_facts(record.code, character, self._fact_rng))

    def _query(self, record: Enterprise, main: Topic, needs: Sequence[tuple[Need, str]]) -> CityQuery:
        if needs:
            need, topic = needs[0]
            return CityQuery(need.id, need.title, need.text, topic, is_need=True)
        title, text = self._queries.first_new(lambda: self._profile_query(main), "\n".join)
        return CityQuery(record.code, title, text, main.id, is_need=False)

    def _profile_query(self, main: Topic) -> tuple[str, str]:
        """What is known of an enterprise that has filed nothing: products, and what was noted at a visit."""
        slots = self._slots(main)
        texts = self._material.texts
        slots["products"] = slots.fill(self._products)
        title = slots.fill(texts("enterprises", "profile_query", "titles"))
        body = slots.fill(texts("enterprises", "profile_query", "bodies"))
        return title, body + slots.fill(texts("enterprises", "profile_query", "concerns"))


def _towns(material: Material, chain: str) -> Weighted[str]:
    """Towns, those where a chain is at home drawn more often."""
    towns = material.texts("places", "towns")
    home = material.table("places", "clusters").get(chain, ())
    weights = material.floats("places", "town_weights")
    return Weighted.of(
        towns,
        [weight * (_CLUSTER_FACTOR if town in home else 1) for town, weight in zip(towns, weights, strict=True)],
    )


def _qualifications(size: EnterpriseSize, rng: Random) -> tuple[str, ...]:
    is_high_tech = chance(rng, _HIGH_TECH_SHARES[size])
    found = [_HIGH_TECH] if is_high_tech else []
    if size in (EnterpriseSize.SMALL, EnterpriseSize.MICRO) and chance(rng, 0.5 if is_high_tech else 0.03):
        found.append(_SMALL_TECH)
    if is_high_tech:
        found += [name for name, share in _FURTHER_QUALIFICATIONS if chance(rng, share)]
    return tuple(found)
