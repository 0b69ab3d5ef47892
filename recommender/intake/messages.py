"""zh-CN sentences of intake; the questions stand with the parts in ``data/intake``."""

from typing import Final

FIGURES: Final = "指标数值"

SUMMARY_CHAIN: Final = "产业链：{chain}"
SUMMARY_FIELD: Final = "技术领域：{field}"
SUMMARY_MODE: Final = "希望的合作方式：{mode}"
SUMMARY_CHECK: Final = "以上句子摘自需求全文，由程序挑选。请人工核对后再公开。"
SUMMARY_LEFT_OUT: Final = (
    "以上句子摘自需求全文，由程序挑选；含有下列内容的句子没有选入：{what}。请人工核对后再公开。"
)
SUMMARY_NOTHING: Final = "没有可以直接公开的句子。请人工写一两句，说明领域与要解决的问题，不写名称、金额与数值。"
SUMMARY_CONFIDENTIAL: Final = "密级为机密：摘要只写领域与合作方式，不摘原文。请人工核对后再公开。"

LEAK_SENSITIVE: Final = "公开摘要中有{kind}“{text}”。请删去或改为泛称。"
LEAK_INDICATOR: Final = "公开摘要写出了全文里的指标“{text}”。请改为不带数值的说法。"
LEAK_NUMBER: Final = "公开摘要里的“{text}”与全文中的数值相同。请删去或改为大致范围。"
LEAK_VERBATIM: Final = "公开摘要有连续 {n} 个字与全文相同。请换一种说法概括。"

NO_INDEX: Final = "暂时不能查找相近的需求：{reason}"
