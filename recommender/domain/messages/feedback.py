"""Sentences of the errors of feedback."""

from typing import Final

ERRORS: Final[dict[str, str]] = {
    "judging.no_pool": "没有编号为“{pool}”的评判池。请用 matchmaker judging progress 查看现有的评判池。",
    "judging.no_item": "评判池 {pool} 里没有第 {number} 项，或它已移出资源库。请取下一项继续。",
    "judging.closed": "评判池 {pool} 已经结束，不再接受评判。请换一个评判池，或新建一个。",
}
