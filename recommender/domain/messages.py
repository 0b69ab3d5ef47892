"""zh-CN sentences for the error codes of the product; each says what happened and what to do next."""

from typing import Final

ERRORS: Final[dict[str, str]] = {
    "filter.malformed": "筛选条件“{expression}”的写法不对。请写成 名称=值，例如 区域=苏州。",
    "filter.unknown": "没有名为“{name}”的筛选条件。可以使用：{known}。",
    "filter.year": "年份起=“{value}”不是年份。请写四位数字，例如 年份起=2020。",
    "filter.not_for_kind": "筛选条件“{name}”不适用于{kind}。请去掉该条件，或换一种匹配对象。",
    "entity.not_found": "没有编号为“{id}”的{kind}。请核对编号，或先用 matchmaker import 导入。",
    "match.k_range": "返回条数 k={k} 超出范围。请填 1 到 {maximum} 之间的整数。",
    "match.empty_need": "需求内容为空，无法匹配。请至少填写一句话，说明遇到的问题或想达到的指标。",
    "match.text_too_long": "需求文本有 {length} 个字，超过上限 {maximum} 个字。请保留主要难点与指标，其余作为附件说明。",
    "match.kind_unsupported": "{source}不能与{target}匹配。可选对象：{allowed}。",
    "match.kind_unknown": "没有“{kind}”这种匹配对象。可选：{allowed}。",
}
