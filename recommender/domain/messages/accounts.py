"""Sentences of what an account may not do."""

from typing import Final

ERRORS: Final[dict[str, str]] = {
    "account.not_allowed": "当前账号不能做这件事（需要权限 {permission}）。请换用有此权限的账号，或联系管理员。",
}
