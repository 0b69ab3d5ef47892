"""Made-up records, each recognisable by a character of its own in every part of it."""

from embeddings.training.texts import TrainingText

MARKS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥乾坎艮震巽离坤兑金木水火土日月星山川河江"
"""Characters that nothing else of a record, a wish or a joint contains."""

SENTENCE_MARKS = "ⅠⅡⅢⅣⅤⅥ"
"""Opens the first, second … sentence of an abstract."""


def work(number: int, *, n_sentences: int = 4, n_keywords: int = 3) -> TrainingText:
    """A record whose sentences have from 19 characters on, the later the longer."""
    mark = MARKS[number]
    sentences = [
        f"{SENTENCE_MARKS[position]}对{mark}型样品在低温条件下的{'反复' * position}测量表明性能稳定。"
        for position in range(n_sentences)
    ]
    keywords = tuple(f"{mark}型{word}" for word in ("材料", "电池", "检测", "算法")[:n_keywords])
    return TrainingText(f"基于{mark}型样品的低温性能测量与分析", "".join(sentences), keywords)


def marks_in(text: str) -> set[str]:
    """Which works a text was taken from."""
    return set(text) & set(MARKS)


def sentences_in(text: str) -> set[str]:
    """Which sentences of an abstract a text shows."""
    return set(text) & set(SENTENCE_MARKS)
