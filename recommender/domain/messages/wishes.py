"""Sentences of the errors of wishes."""

from typing import Final

ERRORS: Final[dict[str, str]] = {
    "wish.reason_missing": "表示无意须写明原因。可选：{known}。",
    "wish.reason_unfitting": "表示有意不写原因（写了“{reason}”）。请去掉原因，需要说明时写在备注里。",
    "wish.pair_unfitting": "意向只能针对专家、创新平台或成果。请改正对象类别。",
    "wish.need_not_open": "需求“{id}”的状态是“{state}”，现在不能表示意向。请先提交需求，或查看它的状态。",
    "wish.not_eligible": "“{id}”现在不能推荐。请另选对象。",
    "wish.pushed": "“{id}”已经由审核员推送。请在该对接中答复有意或无意。",
    "wish.outdated": "对“{id}”的意向已被修改：你看到的是第 {expected} 版，现在是第 {present} 版。请刷新后再决定。",
    "wish.undo_nothing": "对“{id}”没有可以撤销的意向。请刷新后再看。",
    "wish.undo_not_own": "对“{id}”的意向不是当前账号表示的。可以直接改为另一种意向。",
    "wish.undo_late": "对“{id}”的意向已超过可以撤销的 {minutes} 分钟。可以直接改为另一种意向。",
    "review.unwanted": "企业已对“{id}”表示无意（{reason}），不能推送。请驳回，或请企业先修改意向。",
}
