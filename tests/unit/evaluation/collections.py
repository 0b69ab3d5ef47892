"""A collection small enough to know every answer."""

from embeddings.passages.passage import Passage
from recommender.domain.kinds import EntityKind
from recommender.evaluation.dataset import Dataset
from recommender.evaluation.dataset import TestQuery as Query


def passage(identifier: str, title: str, text: str, **owners: tuple[str, ...]) -> Passage:
    return Passage(id=identifier, title=title, text=text, label="", year=None, owners=owners)


STEEL = Dataset(
    name="steel",
    queries=(
        Query("q1", "冷轧硅钢边部裂口", "轧出来的薄板边上老是裂", None),
        Query("q2", "电解液配方", "电池低温时容量下降", EntityKind.EXPERT),
        Query("q3", "污泥干化", "", None),
    ),
    passages=(
        passage("A1", "冷轧硅钢边部裂纹的形成", "研究边部裂口的热塑性窗口", expert=("ZJ1",), platform=("PT1",)),
        passage("A2", "锂电池低温电解液", "电解液配方与容量下降", expert=("ZJ2",)),
        passage("A3", "饲料中锌的吸收", "仔猪的日粮", expert=("ZJ3",), platform=("PT2",)),
        passage("A4", "硅钢片涂层", "绝缘涂层的附着", expert=("ZJ2", "ZJ4")),
    ),
    qrels={
        "q1": {"ZJ1": 3, "ZJ4": 1, "PT1": 3},
        "q2": {"ZJ2": 3, "PT2": 3},
        "q4": {"ZJ1": 3},
    },
)
