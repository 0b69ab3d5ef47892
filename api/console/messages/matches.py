"""What the pages of ranked answers say."""

from typing import Final

from recommender.domain.filters import FilterField
from recommender.domain.kinds import EntityKind
from recommender.domain.wishes import WishProgress
from recommender.domain.workflow import CaseState as C
from recommender.domain.workflow import NeedState as N

WANTED: Final = "已表示有意：{name}。审核员会优先处理。"
WANTED_LATER: Final = "已表示有意：{name}。需求发布后，审核员会优先处理。"
UNWANTED: Final = "已表示无意：{name}。此后不再向你推荐。"
ANSWERED: Final = {True: "已答复有意：{name}。接下来等对方答复。", False: "已答复无意：{name}。"}
"""By whether the enterprise is interested."""
TAKEN_BACK: Final = "已撤销：{name}。"
PROPOSED: Final = "已提出对接：{name}。"
SOMEBODY: Final = "此对象"

STANCE: Final = "意向"
REASON: Final = "原因"
TARGET: Final = "对象类别"
"""Labels of what a form must hold."""

FILTERS: Final[dict[str, FilterField]] = {
    "region": FilterField.REGION,
    "chain": FilterField.INDUSTRY_CHAIN,
    "org": FilterField.ORGANISATION,
    "type": FilterField.TYPE,
    "mode": FilterField.COOPERATION_MODE,
    "since": FilterField.SINCE_YEAR,
}
"""Condition of each field of the form."""

FILTERS_OF: Final[dict[EntityKind, tuple[str, ...]]] = {
    EntityKind.EXPERT: ("region", "mode", "chain", "org"),
    EntityKind.PLATFORM: ("region", "type", "chain", "org"),
    EntityKind.ACHIEVEMENT: ("type", "since", "chain", "org"),
    EntityKind.ENTERPRISE: ("region", "chain"),
    EntityKind.NEED: ("mode", "chain"),
}
"""What is asked of each kind, in order."""

FILTER_LABELS: Final[dict[str, str]] = {
    "region": "区域",
    "chain": "产业链",
    "org": "单位",
    "type": "类型",
    "mode": "合作方式",
    "since": "年份不早于",
}

FILTER_HINTS: Final[dict[str, str]] = {
    "region": "例如 苏州",
    "chain": "例如 智能装备",
    "org": "单位名称的一部分",
    "type": "",
    "mode": "",
    "since": "例如 2021",
}

PROGRESS_TONES: Final[dict[WishProgress, str]] = {
    WishProgress.UNPUBLISHED: "info",
    WishProgress.WAITING: "info",
    WishProgress.CONFIRMED: "accent",
    WishProgress.PUSHED: "good",
    WishProgress.REFUSED: "warn",
    WishProgress.DECLINED: "line",
    WishProgress.UNAVAILABLE: "warn",
}

PROGRESS_NEXT: Final[dict[WishProgress, str]] = {
    WishProgress.UNPUBLISHED: "需求发布后，排在审核员队列的最前。",
    WishProgress.WAITING: "已排在审核员队列的最前，处理后在这里看到结果。",
    WishProgress.CONFIRMED: "审核员已确认，将由审核员联系对方。",
    WishProgress.PUSHED: "对接已经开始，进展见对接页。",
    WishProgress.REFUSED: "审核员没有推送。可以另选对象，或补充说明后再次表示有意。",
    WishProgress.DECLINED: "不再推荐。改变想法时可以改为有意。",
    WishProgress.UNAVAILABLE: "对方现在不能接受对接。可以先看其他对象。",
}
"""What happens next, told to the enterprise."""

CASE_TONES: Final[dict[C, str]] = {
    C.SUGGESTED: "line",
    C.IN_REVIEW: "info",
    C.CONFIRMED: "accent",
    C.ADJUSTED: "accent",
    C.REJECTED: "bad",
    C.PUSHED: "info",
    C.ENTERPRISE_INTERESTED: "accent",
    C.ENTERPRISE_DECLINED: "line",
    C.EXPERT_ACCEPTED: "good",
    C.EXPERT_DECLINED: "bad",
    C.EXPERT_SILENT: "warn",
    C.CONTACT: "good",
    C.NEGOTIATION: "good",
    C.SIGNED: "good",
    C.FUNDED: "good",
    C.IMPLEMENTATION: "good",
    C.COMPLETED: "good",
    C.EVALUATED: "good",
    C.TERMINATED: "bad",
    C.CANCELLED: "line",
    C.FAILED_BID: "bad",
}

NEED_NOTES: Final[dict[N, str]] = {
    N.DRAFT: "需求还是草稿。提交之后，可以对下列对象表示有意或无意。",
    N.SUBMITTED: "需求正在审核。现在表示的意向会保留，发布之后排在审核员队列的最前。",
    N.RETURNED: "需求需要补充。现在表示的意向会保留，发布之后排在审核员队列的最前。",
    N.DIAGNOSIS: "需求正在二次诊断。现在表示的意向会保留，发布之后排在审核员队列的最前。",
}
"""What is said above the list of needs that are not published."""
NEED_ENDED: Final = "需求的状态是“{state}”，现在不再寻找对象，下列结果仅供查看。"
