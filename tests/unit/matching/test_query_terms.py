"""The two bags of words of a query."""

from dataclasses import replace

from embeddings.text.segment import Segmenter
from recommender.matching.config import MatchConfig
from recommender.matching.query_terms import QueryTerms

SEGMENTER = Segmenter(dictionary=["磷酸铁锂"], stop_words=["的"])
CONFIG = MatchConfig(body_term_weight=0.5, finding_part_weight=0.25, finding_pair_weight=0.75)


def test_works_are_ranked_by_what_is_said_often() -> None:
    words = QueryTerms.of("电池回收", "电池的电池", SEGMENTER, CONFIG).words
    assert words == {"电池": 1.0 + 3 * 0.5, "回收": 1.0 + 0.5}


def test_without_a_title_every_word_of_the_text_weighs_as_often_as_it_is_said() -> None:
    assert QueryTerms.of("", "电池的电池", SEGMENTER, CONFIG).words == {"电池": 2.0}
    assert QueryTerms.of("电池", "", SEGMENTER, CONFIG).words == {"电池": 1.0}


def test_finding_counts_words_once_parts_less_and_neighbours_besides() -> None:
    finding = QueryTerms.of("磷酸铁锂电池", "电池的回收电池", SEGMENTER, CONFIG).finding
    assert finding == {
        "磷酸": 2.0 * 0.25,
        "磷酸铁锂": 2.0,
        "电池": 2.0,
        "回收": 1.0,
        ("磷酸铁锂", "电池"): 0.75,
        ("电池", "回收"): 0.75,
        ("回收", "电池"): 0.75,
    }


def test_a_part_that_also_stands_alone_is_a_word() -> None:
    finding = QueryTerms.of("磷酸铁锂", "磷酸的回收", SEGMENTER, CONFIG).finding
    assert finding["磷酸"] == 2.0


def test_what_weighs_nothing_is_not_asked_for() -> None:
    config = replace(CONFIG, finding_part_weight=0.0, finding_pair_weight=0.0)
    assert QueryTerms.of("磷酸铁锂电池", "", SEGMENTER, config).finding == {"磷酸铁锂": 2.0, "电池": 2.0}
