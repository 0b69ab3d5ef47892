"""Sentences of views that accounts keep."""

from typing import Final

ERRORS: Final[dict[str, str]] = {
    "saved_view.name": "视图的名称须为 1 到 {maximum} 个字。请改一个名称。",
    "saved_view.query": "这组条件超过 {maximum} 个字符，无法保存为视图。请去掉一些条件。",
    "saved_view.too_many": "已有 {maximum} 个自己的视图。请先删去不再使用的视图。",
    "saved_view.not_found": "没有这个视图，它可能已被删去。请刷新页面。",
}
