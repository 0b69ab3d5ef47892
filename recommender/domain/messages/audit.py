"""Sentences of looking back."""

from typing import Final

ERRORS: Final[dict[str, str]] = {
    "audit.not_found": "没有编号为 {number} 的审计记录。它可能已过保存期，请返回列表。",
}
