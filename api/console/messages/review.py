"""What the pages of review say."""

from typing import Final

from recommender.domain.case_lists import CaseSort, CaseView, SuggestionSort, WishSort
from recommender.domain.workflow import CaseState, ReasonCode

VIEW_LABELS: Final[dict[CaseView, str]] = {
    CaseView.MY_DUE: "我的到期",
    CaseView.UNREVIEWED: "待审核",
    CaseView.HIGH_SCORE: "得分高",
    CaseView.LOW_CONFIDENCE: "低把握",
    CaseView.WISHED: "企业点名",
    CaseView.RETURNED: "对方未应",
    CaseView.MINE: "我的",
    CaseView.ALL: "全部",
}
"""The views of the queue, in the order of the tabs."""

VIEW_HINTS: Final[dict[CaseView, str]] = {
    CaseView.MY_DUE: "由你负责、已经逾期或即将到期的对接",
    CaseView.UNREVIEWED: "已发布批次中还没有人决定、现在仍可推荐的",
    CaseView.HIGH_SCORE: "待审核中得分不低于 {high:.2f} 的",
    CaseView.LOW_CONFIDENCE: "待审核中得分低于 {low:.2f} 的，请先核对依据",
    CaseView.WISHED: "企业看过推荐后已表示有意、还没有推送的，等得久的在前",
    CaseView.RETURNED: "企业无意、专家婉拒或超时未答的，可以另作安排",
    CaseView.MINE: "由你负责或认领、还没有结束的对接",
    CaseView.ALL: "有人处理过的全部对接",
}

EMPTY: Final[dict[CaseView, tuple[str, str]]] = {
    CaseView.MY_DUE: ("没有到期的对接", "可以继续审核新的推荐。"),
    CaseView.UNREVIEWED: ("没有待审核的推荐", "下一个夜间批次发布后会有新的推荐；也可以处理对方未应的对接。"),
    CaseView.HIGH_SCORE: ("没有待审核的高分推荐", "可以接着看全部待审核的推荐。"),
    CaseView.LOW_CONFIDENCE: ("没有待审核的低分推荐", "可以接着看全部待审核的推荐。"),
    CaseView.WISHED: ("没有企业点名的推荐", "企业对推荐表示有意后，会先出现在这里。可以继续审核新的推荐。"),
    CaseView.RETURNED: ("没有对方未应的对接", "可以继续审核新的推荐。"),
    CaseView.MINE: ("没有由你负责的对接", "确认一条推荐后，它由你负责，会出现在这里。"),
    CaseView.ALL: ("还没有人处理过推荐", "可以从待审核的推荐开始。"),
}
"""Title and sentence of a queue that holds nothing."""

EMPTY_FILTERED: Final = ("没有符合这些条件的", "可以放宽条件，或清除全部条件。")
CLEAR: Final = "清除条件"
ANOTHER_VIEW: Final[dict[CaseView, CaseView]] = {
    view: CaseView.RETURNED if view is CaseView.UNREVIEWED else CaseView.UNREVIEWED for view in VIEW_LABELS
}
"""Where to go on from an empty queue."""

SORT_LABELS: Final[dict[str, str]] = {
    SuggestionSort.LIST: "按需求逐条",
    SuggestionSort.SCORE: "得分从高到低",
    f"-{SuggestionSort.SCORE}": "得分从低到高",
    WishSort.ASKED: "等得久的在前",
    CaseSort.UPDATED: "最近处理",
    CaseSort.OPENED: "最近开始",
    CaseSort.DUE: "期限早的在前",
}

STEP_LABELS: Final[dict[CaseState, str]] = {
    CaseState.CONFIRMED: "确认",
    CaseState.ADJUSTED: "调整",
    CaseState.REJECTED: "驳回",
    CaseState.PUSHED: "推送给企业",
    CaseState.CANCELLED: "取消对接",
    CaseState.TERMINATED: "终止",
    CaseState.FAILED_BID: "流标",
    CaseState.IN_REVIEW: "重新审核",
    CaseState.ENTERPRISE_INTERESTED: "记录企业有意",
    CaseState.ENTERPRISE_DECLINED: "记录企业无意",
    CaseState.EXPERT_ACCEPTED: "记录对方接受",
    CaseState.EXPERT_DECLINED: "记录对方婉拒",
    CaseState.EXPERT_SILENT: "记为超时未答",
}
"""What a step is called on its button; others are called as the state they lead to."""

STEP_LABELS_FROM: Final[dict[tuple[CaseState, CaseState], str]] = {
    (CaseState.ENTERPRISE_DECLINED, CaseState.PUSHED): "再次推送",
    (CaseState.EXPERT_DECLINED, CaseState.ENTERPRISE_INTERESTED): "再次征询对方",
    (CaseState.EXPERT_SILENT, CaseState.ENTERPRISE_INTERESTED): "再次征询对方",
}
"""The same where it is not for the first time."""

AND_PUSH: Final = "{step}并推送"
ONLY: Final = "仅{step}"

REASONS: Final[tuple[ReasonCode, ...]] = (
    ReasonCode.FIELD,
    ReasonCode.INDICATORS,
    ReasonCode.STAGE,
    ReasonCode.BUDGET,
    ReasonCode.TIME,
    ReasonCode.REGION,
    ReasonCode.COOPERATING,
    ReasonCode.CONFLICT,
    ReasonCode.EXPERT_BUSY,
    ReasonCode.UNCLEAR,
    ReasonCode.DUPLICATE,
    ReasonCode.STALE,
    ReasonCode.NO_ANSWER,
)
"""In the order of their keys: the first nine are 1 to 9."""

NOTE: Final = "备注"
DONE: Final = "已{step}：{target}"
DONE_REASON: Final = "已{step}（{reason}）：{target}"
CLAIMED: Final = "已认领，{until} 前只由你处理：{target}"
RELEASED: Final = "已放开：{target}"
UNDONE: Final = "已撤销，{target}回到“{state}”"
BATCH_DONE: Final = "已{step} {n} 条"
BATCH_DONE_REASON: Final = "已{step} {n} 条（{reason}）"
BATCH_UNDONE: Final = "已撤销 {n} 条的批量决定"
VIEW_SAVED: Final = "已保存视图“{name}”"
VIEW_DROPPED: Final = "已删去视图“{name}”"
CHANGED: Final = "没有执行：“{target}”已由{who}处理，现在是“{state}”。"
HELD: Final = "没有执行：“{target}”正由他人处理，最迟到 {until}。"
MOVED_ON: Final = "已转到下一条。"
SOMEBODY: Final = "他人"
ONESELF: Final = "你在别处"

FILTER_LABELS: Final[dict[str, str]] = {
    "source": "为",
    "kind": "对象",
    "q": "查找",
    "chain": "产业链",
    "town": "区镇",
    "low": "得分从",
    "high": "得分低于",
}
"""What the conditions in force are called above the queue."""
