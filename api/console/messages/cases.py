"""What pages of matches (对接) say: what each step is called, what has happened, and what happens next."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from recommender.domain.case_groups import CaseGroup
from recommender.domain.case_lists import CaseView
from recommender.domain.workflow import CaseState

GROUPS: Final[Mapping[CaseGroup, str]] = {
    CaseGroup.PUSH: "待推送",
    CaseGroup.ENTERPRISE: "待企业答复",
    CaseGroup.EXPERT: "待对方答复",
    CaseGroup.TALKS: "接洽与洽谈",
    CaseGroup.CONTRACT: "签约与实施",
    CaseGroup.RESULT: "结题与评价",
    CaseGroup.ENDED: "已结束",
}
VIEWS: Final[Mapping[CaseView, str]] = {
    CaseView.OPEN: "进行中",
    CaseView.MINE: "我的",
    CaseView.DUE: "即将到期",
    CaseView.OVERDUE: "已逾期",
    CaseView.RETURNED: "对方未应",
    CaseView.ALL: "全部",
}

STEPS: Final[Mapping[CaseState, str]] = {
    CaseState.IN_REVIEW: "重新审核",
    CaseState.CONFIRMED: "确认",
    CaseState.ADJUSTED: "调整",
    CaseState.REJECTED: "驳回",
    CaseState.PUSHED: "推送给企业",
    CaseState.ENTERPRISE_INTERESTED: "记录企业有意",
    CaseState.ENTERPRISE_DECLINED: "记录企业无意",
    CaseState.EXPERT_ACCEPTED: "记录对方接受",
    CaseState.EXPERT_DECLINED: "记录对方婉拒",
    CaseState.EXPERT_SILENT: "记为超时未答",
    CaseState.CONTACT: "开始接洽",
    CaseState.NEGOTIATION: "进入洽谈",
    CaseState.SIGNED: "登记签约",
    CaseState.FUNDED: "立项，进入预研资金",
    CaseState.IMPLEMENTATION: "开始实施",
    CaseState.COMPLETED: "登记结题",
    CaseState.EVALUATED: "完成评价",
    CaseState.TERMINATED: "终止",
    CaseState.CANCELLED: "取消",
    CaseState.FAILED_BID: "记为流标",
}
"""What taking a step is called where officers take it."""
OWN_STEPS: Final[Mapping[CaseState, str]] = {
    CaseState.ENTERPRISE_INTERESTED: "有意",
    CaseState.ENTERPRISE_DECLINED: "无意",
}
"""The same where the enterprise itself takes it."""
ASKED_AGAIN: Final = "再次联系对方"
"""Going back from ``超时未答`` or ``专家婉拒`` to waiting for an answer."""


ENTERPRISE: Final = "企业"


class Situation(NamedTuple):
    """What has happened, what happens next, and who acts, in the words of an enterprise."""

    happened: str
    follows: str
    who: str


SITUATIONS: Final[Mapping[CaseState, Situation]] = {
    CaseState.PUSHED: Situation("审核员推荐了这一{kind}。", "请查看依据，答复有意或无意。", ENTERPRISE),
    CaseState.ENTERPRISE_INTERESTED: Situation(
        "已答复有意。", "审核员联系对方，对方答复后这里会更新。", "审核员"
    ),
    CaseState.ENTERPRISE_DECLINED: Situation(
        "已答复无意。", "审核员可能另行推荐；改变主意时可以联系审核员。", "审核员"
    ),
    CaseState.EXPERT_ACCEPTED: Situation("双方都已同意。", "审核员安排接洽。", "审核员"),
    CaseState.EXPERT_DECLINED: Situation("对方婉拒。", "审核员另选对象或再次联系。", "审核员"),
    CaseState.EXPERT_SILENT: Situation("对方在期限内没有答复。", "审核员再次联系对方或另选对象。", "审核员"),
    CaseState.CONTACT: Situation("双方正在接洽。", "谈到合作内容后，由审核员记录进入洽谈。", "双方"),
    CaseState.NEGOTIATION: Situation("双方正在洽谈。", "谈成后签订合同，由审核员登记。", "双方"),
    CaseState.SIGNED: Situation("已签约。", "可以申请立项或预研资金，也可以直接开始实施。", "双方"),
    CaseState.FUNDED: Situation("已立项。", "开始实施，资金到账由审核员登记。", "双方"),
    CaseState.IMPLEMENTATION: Situation("正在实施。", "按里程碑推进；现在可以填写评价。", "双方"),
    CaseState.COMPLETED: Situation("已结题。", "请填写对这次合作的评价。", ENTERPRISE),
    CaseState.EVALUATED: Situation("已完成评价。", "这次对接到此结束，可以继续提出新的需求。", ""),
    CaseState.TERMINATED: Situation("对接已终止。", "需要继续时可以联系审核员，或提出新的需求。", ""),
    CaseState.CANCELLED: Situation("对接已取消。", "需要继续时可以联系审核员，或提出新的需求。", ""),
    CaseState.FAILED_BID: Situation("洽谈没有谈成。", "需要继续时可以联系审核员另选对象。", ""),
    CaseState.REJECTED: Situation("推荐已收回。", "审核员可能另行推荐。", ""),
}
"""By state from the push on; ``{kind}`` is what was suggested."""
RECALLED: Final = Situation("推荐正在重新核对。", "核对后会再次推送，或说明原因。", "审核员")
"""Any other state, after a step was taken back."""

TODAY: Final = "今天到期"
DAYS_LEFT: Final = "还有 {n} 天"
DAYS_OVER: Final = "逾期 {n} 天"
DAYS_OVER_ELSEWHERE: Final = "已过期限 {n} 天"
"""Said to an enterprise of what others are to do."""
JUST_OVER: Final = "刚刚逾期"
WAITED: Final = "已等 {n} 天"
WAITED_TODAY: Final = "今天开始"

MOVED: Final = "已转为“{state}”。"
ANSWERED: Final = "已答复“{state}”。"
MOVED_MANY: Final = "{n} 条已转为“{state}”。"
TAKEN_BACK: Final = "已撤销，回到“{state}”。"
TAKEN_BACK_MANY: Final = "已撤销，{n} 条回到原来的状态。"
CONTRACT_SAVED: Final = "已保存合同。"
MILESTONE_ADDED: Final = "已添加里程碑“{title}”。"
MILESTONE_DONE: Final = "里程碑“{title}”已完成。"
MILESTONE_REOPENED: Final = "里程碑“{title}”改回未完成。"
FUNDING_SAVED: Final = "已登记{instalment}预研资金。"
EVALUATION_SAVED: Final = "已保存{side}评价。"
EXPORT_NAME: Final = "对接"
FIELDS: Final[Mapping[str, str]] = {
    "to": "下一步",
    "reason": "原因",
    "note": "备注",
    "kind": "合同类型",
    "registration_number": "登记号",
    "amount_wan": "金额",
    "signed_on": "签订日期",
    "completed_on": "结题日期",
    "title": "里程碑",
    "due_on": "计划完成日期",
    "done_on": "完成日期",
    "instalment": "笔次",
    "paid_on": "到账日期",
    "enterprise_spending_wan": "企业研发投入",
    "side": "评价方",
    "grade": "评分",
    "text": "评价",
}
"""Labels of fields, for sentences about them and for what was typed and not saved."""
