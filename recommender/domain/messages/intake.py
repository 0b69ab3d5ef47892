"""Sentences of the errors of intake."""

from typing import Final

ERRORS: Final[dict[str, str]] = {
    "intake.text_too_long": "需求各栏合计 {length} 个字，超过上限 {maximum} 个字。请保留主要难点与指标，其余作为附件说明。",
}
