"""Near repeats are found wherever they stand, and only those."""

from itertools import combinations
from random import Random

from recommender.world.distinctness import NEAR, Distinctness, distinctness
from tests.unit.world.material import small_city


def test_equal_texts_are_repeats() -> None:
    texts = ["冷轧薄板边部开裂防治", "反渗透膜污堵与再生水", "冷轧薄板边部开裂防治"]
    assert distinctness(texts) == Distinctness(n_texts=3, n_repeated=1, n_nearly_repeated=2)


def test_a_few_other_characters_make_a_near_repeat() -> None:
    text = "".join(chr(0x4E00 + number) for number in range(100))
    changed = "变" + text[1:]
    longer = text + "".join(chr(0x6E00 + number) for number in range(60))
    assert distinctness([text, changed]).n_nearly_repeated == 2
    assert distinctness([text, longer]).n_nearly_repeated == 0


def test_short_texts_are_compared_whole() -> None:
    assert distinctness(["甲", "甲", "乙"]) == Distinctness(3, 1, 2)


def jaccard(one: str, other: str) -> float:
    mine, theirs = ({text[start : start + 4] for start in range(max(1, len(text) - 3))} for text in (one, other))
    return len(mine & theirs) / len(mine | theirs)


def test_none_is_missed_among_random_texts() -> None:
    rng = Random(1)
    texts = ["".join(rng.choices("甲乙丙", k=rng.randint(8, 14))) for _ in range(300)]
    near = {n for pair in combinations(range(300), 2) if jaccard(*(texts[n] for n in pair)) >= NEAR for n in pair}
    assert 0 < len(near) < 300
    assert distinctness(texts).n_nearly_repeated == len(near)


def test_a_city_hardly_repeats_itself() -> None:
    texts = [f"{item.record.title}\n{item.record.abstract}" for item in small_city().achievements()]
    found = distinctness(texts)
    assert found.n_repeated == 0
    assert found.n_nearly_repeated < 0.001 * len(texts)
