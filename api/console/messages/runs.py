"""What pages of runs (批次) say."""

from collections.abc import Mapping
from typing import Final

PUBLISHED: Final = "已发布批次 {run}。"
ROLLED_BACK: Final = "已退回批次 {run}。"
UNDO_PUBLISH: Final = "退回"
UNDO_ROLL_BACK: Final = "重新发布"

EXPOSURE: Final[tuple[tuple[str, str, str, str], ...]] = (
    ("mean_relevance", "平均匹配度", "score", "名单上各项得分的平均，越高越好"),
    ("fill", "名额填满", "percent", "名单上的条数占可列条数的比例，越高越好"),
    ("coverage", "覆盖率", "percent", "至少进入一份名单的比例，越高越好"),
    ("gini", "基尼系数", "score", "0 为人人均等，1 为集中在一家，越低越好"),
    ("congestion", "超出容量", "percent", "超过对方可承接数的推荐比例，越低越好"),
    ("most", "最多进入名单数", "number", "一个对象最多出现在几份名单里，越低越好"),
)
"""Figures of exposure: name in the report, label, how it is written, what it means and which way is good."""

COUNTED: Final[Mapping[str, str]] = {
    "n_computed": "重新计算的来源",
    "n_carried": "沿用上一批次的来源",
    "n_encoded": "新计算的文本向量",
    "n_shards": "分片数",
    "n_gone": "发布前移除的对象",
}
TABS: Final[Mapping[str, str]] = {"overview": "概况", "changes": "与其他批次比较", "suggestions": "推荐明细"}
BY_CLOCK: Final[Mapping[str, str]] = {"cli": "命令行", "job": "定时任务"}
"""What accounts are called that are none: the part of their id before the colon."""
