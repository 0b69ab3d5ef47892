"""Sentences of requests as such: pages, versions, limits."""

from typing import Final

ERRORS: Final[dict[str, str]] = {
    "page.cursor": "翻页标记 cursor 无法识别，或与当前的排序方式不符。请从第一页重新开始，不要改动服务返回的 next_cursor。",
    "page.sort": "不能按“{sort}”排序。可选：{known}（前面加 - 为倒序）。",
}
