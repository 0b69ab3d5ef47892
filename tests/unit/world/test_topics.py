"""The hand-written topics: complete, well-formed, and such that only a matcher that understands can use them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path
from statistics import mean

import pytest

from embeddings.text.segment import Segmenter
from recommender.domain.errors import InvalidData
from recommender.exchange.codes import industries
from recommender.world.topics import SAME, SIBLING, UNRELATED, Topic, TopicSet, load_topics
from tests.unit.world.material import FOLDER, MATERIAL

TOPICS = MATERIAL.topics
EVERY_TOPIC = pytest.mark.parametrize("topic", list(TOPICS), ids=[topic.id for topic in TOPICS])
CHAINS = {"冶金新材料", "智能装备", "化工新材料", "纺织", "半导体", "新能源", "生物医药"}
AT_LEAST = {
    "problems": 6,
    "methods": 6,
    "results": 4,
    "indicators": 4,
    "objects": 4,
    "subjects": 4,
    "equipment": 4,
    "services": 3,
    "keywords": 8,
    "near_misses": 1,
}
PHRASES = ("methods", "objects", "subjects", "equipment", "services", "keywords")
CLAUSES = ("problems", "results")

MAX_SHARED_WORDS = 0.12
"""Of the words of problems or methods, whichever are fewer."""
MAX_MEAN_SHARED_WORDS = 0.04
MAX_ALIKE = 0.5
"""Jaccard of character pairs of two clauses of one topic."""
MAX_SHARE_OF_ONE_ENDING = 0.01
FREQUENT_FROM = 15
"""A word in so many topics is no word that tells topics apart, or confuses them."""


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    folder = FOLDER.parent / "dictionaries"
    return Segmenter.from_files(dictionary=folder / "domain_words.txt", stop_words=folder / "stop_words.txt")


def words(segmenter: Segmenter, texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in segmenter.tokens(text)}


def pairs_of_characters(text: str) -> set[str]:
    return {text[start : start + 2] for start in range(len(text) - 1)}


def alike(one: str, other: str) -> float:
    mine, theirs = pairs_of_characters(one), pairs_of_characters(other)
    return len(mine & theirs) / len(mine | theirs)


def texts_of(topic: Topic) -> Iterator[str]:
    yield topic.name
    for field in (*PHRASES, *CLAUSES):
        yield from getattr(topic, field)


def test_there_are_enough_topics_over_all_industries() -> None:
    assert len(TOPICS) >= 96
    assert set(TOPICS.chains) == CHAINS
    sub_fields = Counter(topic.chain for topic in {(t.chain, t.sub_field): t for t in TOPICS}.values())
    assert all(2 <= n <= 5 for n in sub_fields.values()), sub_fields


@EVERY_TOPIC
def test_a_topic_is_complete(topic: Topic) -> None:
    assert {
        field: len(getattr(topic, field)) for field in AT_LEAST if len(getattr(topic, field)) < AT_LEAST[field]
    } == {}
    for field in (*PHRASES, *CLAUSES):
        assert len(set(getattr(topic, field))) == len(getattr(topic, field)), field
    assert len({indicator.name for indicator in topic.indicators}) == len(topic.indicators)


@EVERY_TOPIC
def test_clauses_and_phrases_fit_into_sentences(topic: Topic) -> None:
    for field in (*PHRASES, *CLAUSES):
        for text in getattr(topic, field):
            assert text == text.strip()
            assert text[-1] not in "，。；、：", text
            assert "{" not in text and "}" not in text and "\n" not in text
    for field in PHRASES:
        assert not [text for text in getattr(topic, field) if any(mark in text for mark in "，；。")]


@EVERY_TOPIC
def test_industry_codes_are_those_of_the_standard(topic: Topic) -> None:
    assert topic.industries
    for industry in topic.industries:
        found = industries().find(industry)
        assert found is not None and found.agrees, industry
        assert len(found.industry.code) == 4


@EVERY_TOPIC
def test_near_misses_share_words_but_are_no_siblings(topic: Topic, segmenter: Segmenter) -> None:
    siblings = {sibling.id for sibling in TOPICS.siblings(topic)}
    for miss in topic.near_misses:
        assert miss != topic.id
        assert miss not in siblings
        shared = words(segmenter, texts_of(topic)) & words(segmenter, texts_of(TOPICS[miss]))
        assert {word for word in shared if topics_with(segmenter)[word] <= FREQUENT_FROM}, (topic.id, miss)


_frequencies: Counter[str] = Counter()


def topics_with(segmenter: Segmenter) -> Counter[str]:
    """In how many topics a word occurs."""
    if not _frequencies:
        for topic in TOPICS:
            _frequencies.update(words(segmenter, texts_of(topic)))
    return _frequencies


def test_problems_and_methods_of_a_topic_share_few_words(segmenter: Segmenter) -> None:
    shares = {}
    for topic in TOPICS:
        asked, answered = words(segmenter, topic.problems), words(segmenter, topic.methods)
        shares[topic.id] = len(asked & answered) / min(len(asked), len(answered))
    assert {topic: share for topic, share in shares.items() if share > MAX_SHARED_WORDS} == {}
    assert mean(shares.values()) <= MAX_MEAN_SHARED_WORDS


@EVERY_TOPIC
def test_no_two_clauses_of_a_topic_are_variants_of_one(topic: Topic) -> None:
    for field in ("problems", "methods", "results"):
        for one, other in combinations(getattr(topic, field), 2):
            assert alike(one, other) <= MAX_ALIKE, (one, other)


@pytest.mark.parametrize("field", [*CLAUSES, "methods", "subjects"])
def test_no_text_serves_two_topics_and_none_follows_a_template(field: str) -> None:
    texts = [text for topic in TOPICS for text in getattr(topic, field)]
    assert [text for text, n in Counter(texts).items() if n > 1] == []
    for part in (slice(None, 3), slice(-3, None)):
        ((common, n_common),) = Counter(text[part] for text in texts).most_common(1)
        assert n_common <= MAX_SHARE_OF_ONE_ENDING * len(texts), (common, n_common)


def test_ranges_of_indicators_leave_something_to_draw() -> None:
    indicators = [indicator for topic in TOPICS for indicator in topic.indicators]
    assert all(indicator.low <= indicator.high for indicator in indicators)
    assert sum(indicator.low == indicator.high for indicator in indicators) <= 1
    assert {indicator.at_least for indicator in indicators} == {True, False}


def test_grades_are_3_for_the_same_topic_1_for_a_sibling_and_0_for_the_rest() -> None:
    topic = TOPICS["slab-corner-crack"]
    sibling, *_ = TOPICS.siblings(topic)
    miss, *_ = TOPICS.near_misses(topic)
    assert TOPICS.grade(topic.id, [topic.id]) == SAME == 3
    assert TOPICS.grade(topic.id, [sibling.id]) == SIBLING == 1
    assert TOPICS.grade(topic.id, [miss.id]) == UNRELATED == 0
    assert TOPICS.grade(topic.id, [miss.id, sibling.id, topic.id]) == SAME
    assert TOPICS.grade(topic.id, [miss.id, sibling.id]) == SIBLING


def test_near_misses_hold_both_ways() -> None:
    for topic in TOPICS:
        for miss in TOPICS.near_misses(topic):
            assert topic in TOPICS.near_misses(miss)


TOPIC_FILE = """
chain = "纺织"
sub_field = "染整"
[[topics]]
id = "{id}"
name = "名"
codes = ["1713 棉印染精加工"]
problems = ["一"]
objects = ["二"]
subjects = ["三"]
methods = ["四"]
results = ["五"]
indicators = [["六", "{comparator}", {low}, 2.5, "%"]]
equipment = ["七"]
services = ["八"]
keywords = ["九"]
near_misses = [{misses}]
"""


def write_topics(folder: Path, **changes: object) -> TopicSet:
    values: dict[str, object] = {"id": "a", "comparator": "≥", "low": 1, "misses": ""} | changes
    (folder / "a.toml").write_text(TOPIC_FILE.format(**values), encoding="utf-8")
    return load_topics(folder)


class TestReading:
    def test_decimals_of_drawn_values_are_those_of_the_bounds(self, tmp_path: Path) -> None:
        (topic,) = write_topics(tmp_path)
        (indicator,) = topic.indicators
        assert (indicator.low, indicator.high, indicator.digits, indicator.at_least) == (1.0, 2.5, 1, True)

    @pytest.mark.parametrize(
        "changes", [{"comparator": "=="}, {"low": 3}, {"misses": '"nowhere"'}, {"id": 'a"\nid = "a'}]
    )
    def test_what_is_malformed_is_refused(self, tmp_path: Path, changes: dict[str, object]) -> None:
        with pytest.raises(InvalidData, match="写法不对"):
            write_topics(tmp_path, **changes)

    def test_an_id_stands_for_one_topic(self, tmp_path: Path) -> None:
        write_topics(tmp_path)
        (tmp_path / "b.toml").write_text((tmp_path / "a.toml").read_text(encoding="utf-8"), encoding="utf-8")
        with pytest.raises(InvalidData, match="写法不对"):
            load_topics(tmp_path)

    def test_a_folder_without_topics_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(InvalidData, match="没有找到"):
            load_topics(tmp_path)
