"""Sentences of objections."""

from typing import Final

ERRORS: Final[dict[str, str]] = {
    "objection.text": "请写明哪里不妥、希望怎样处理，写 {minimum} 到 {maximum} 个字。",
    "objection.about": "没有编号为“{id}”的需求或对接。请核对编号；不针对某一条时可以留空。",
    "objection.too_many": "已有 {maximum} 条异议在等待答复。请等其中一条有了答复，或撤回一条之后再提。",
    "objection.not_found": "没有编号为“{id}”的异议。请刷新列表后再选。",
    "objection.closed": "这条异议{state}，不能再改。需要时可以另提一条。",
    "objection.answer": "请写明复核了什么、结论是什么，写 {minimum} 到 {maximum} 个字。",
}
