"""zh-CN sentences of matching."""

from typing import Final

OPTION_NEED: Final = "需求编号"
OPTION_TEXT: Final = "需求描述（自由文本）"
OPTION_TITLE: Final = "需求名称（自由文本），可与 --text 同用"
OPTION_ACHIEVEMENT: Final = "成果编号"
OPTION_ALL: Final = "匹配全部需求并保存为一个批次"
OPTION_KIND: Final = "匹配对象：expert、platform、achievement，或（对成果）enterprise、need；可重复，默认全部"
OPTION_K: Final = "每类返回的条数"
NO_MATCH: Final = "没有符合条件的{label}。请放宽筛选条件，或确认资源库中已导入这类数据并重建索引。"
TABLE_HEADERS: Final = ("名次", "{kind}", "单位", "匹配度", "主要理由与最佳依据（彩色或「」内是与需求共有的词）")
EXCLUDED: Final = "内容相近但未推荐：{items}"
GAP: Final = "注意："
