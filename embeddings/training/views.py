"""Pairs of texts about the same work: what stands in for a need, and what stands in for a supply.

Needs that enterprises file are short, name a thing and a wish, and go on with a sentence or two about the
present state. No such need may be trained on, so each view imitates one trait of them from scientific
records: few words (keywords), one claim without its context (a sentence), a name followed by a claim.
"""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from embeddings.text.sentences import sentence_spans
from embeddings.training.texts import TrainingText

Pair = tuple[str, str]
"""Query side and passage side."""

_N_QUERY_CHARACTERS: Final = 80
_N_PASSAGE_CHARACTERS: Final = 110
_SHORTEST_SENTENCE: Final = 8
_SECTION_MARK: Final = re.compile(
    r"[【\[](目的|方法|结果|结论|背景|意义|过程|局限|应用|文献|创新)[^】\]]*[】\]]|^(目的|方法|结果|结论)[:：]?"
)
_FUNCTION_WORDS: Final = re.compile(r"[的之及与和其等]|一种|基于|关于|对于")
_ORPHANED: Final = re.compile(r"^[，,。；;、:：\s]+")
_WISHES: Final = ("", "", "", "技术", "技术研究", "关键技术", "技术研发", "的研发", "问题", "技术难题", "工艺")
_JOINTS: Final = ("", " ", "、", "；", "和", "的")
_P_CONTENT_WORDS_ONLY: Final = 0.3


def title_to_abstract(text: TrainingText, rng: random.Random) -> Pair:
    """The name of a work finds what it says."""
    return _perhaps_content_words(text.title, rng), _window(text.abstract, _N_PASSAGE_CHARACTERS, rng)


def claim_to_title(text: TrainingText, rng: random.Random) -> Pair:
    """One or two sentences find the name of the work they were taken from."""
    return _window(text.abstract, rng.randint(25, _N_QUERY_CHARACTERS), rng), _perhaps_content_words(
        text.title, rng
    )


def words_to_title(text: TrainingText, rng: random.Random) -> Pair:
    """A few words and a wish find the name of the work."""
    return _wish(text, rng), _perhaps_content_words(text.title, rng)


def need_to_work(text: TrainingText, rng: random.Random) -> Pair:
    """Words, a wish and a sentence find the work's title with another part of its abstract."""
    before, after = _halves(text, rng)
    query = _wish(text, rng) + "。" + before[:_N_QUERY_CHARACTERS]
    return query, f"{text.title}。{after}"[:_N_PASSAGE_CHARACTERS]


def part_to_part(text: TrainingText, rng: random.Random) -> Pair:
    """Title and one part of the abstract find the other part: the same subject in other words."""
    before, after = _halves(text, rng)
    query = f"{text.title}。{before}"[:_N_PASSAGE_CHARACTERS]
    return query, after[:_N_PASSAGE_CHARACTERS]


@dataclass(frozen=True, slots=True)
class View:
    """A way of making pairs and how often it is used."""

    make: Callable[[TrainingText, random.Random], Pair]
    share: float


VIEWS: Final = (
    View(claim_to_title, 0.30),
    View(words_to_title, 0.15),
    View(need_to_work, 0.20),
    View(part_to_part, 0.20),
    View(title_to_abstract, 0.15),
)


def _wish(text: TrainingText, rng: random.Random) -> str:
    words = list(text.keywords) or [text.title]
    rng.shuffle(words)
    return rng.choice(_JOINTS).join(words[: rng.randint(1, 3)]) + rng.choice(_WISHES)


def _perhaps_content_words(title: str, rng: random.Random) -> str:
    """The title, now and then without its function words, as catalogues of titles often have it."""
    return (_FUNCTION_WORDS.sub("", title) or title) if rng.random() < _P_CONTENT_WORDS_ONLY else title


def _sentences(abstract: str) -> list[str]:
    plain = _SECTION_MARK.sub("", abstract)
    sentences = [plain[start:end] for start, end in sentence_spans(plain)]
    return [sentence for sentence in sentences if len(sentence) >= _SHORTEST_SENTENCE] or [plain or abstract]


def _window(abstract: str, n_characters: int, rng: random.Random) -> str:
    """Whole sentences from a random one on, cut at ``n_characters``."""
    sentences = _sentences(abstract)
    start = rng.randrange(len(sentences))
    return _ORPHANED.sub("", "".join(sentences[start:]))[:n_characters]


def _halves(text: TrainingText, rng: random.Random) -> Pair:
    """Two parts of the abstract that share no sentence, in either order."""
    sentences = _sentences(text.abstract)
    if len(sentences) < 2:  # noqa: PLR2004
        return text.title, text.abstract
    cut = rng.randint(1, len(sentences) - 1)
    parts = ["".join(sentences[:cut]), "".join(sentences[cut:])]
    rng.shuffle(parts)
    return parts[0], parts[1]
