"""Sentences of the workflows of needs and matches."""

from typing import Final

ERRORS: Final[dict[str, str]] = {
    "review.illegal_step": "{label}的状态是“{state}”，不能转为“{to}”。{possible}；如页面不是最新，请刷新后再看。",
    "review.reason_missing": "转为“{to}”须写明原因。可选：{known}。",
    "review.reason_unfitting": "转为“{to}”不写原因（写了“{reason}”）。请去掉原因，需要说明时写在备注里。",
    "review.note_missing": "转为“{to}”须在备注中写明改了什么。请补充备注。",
}
