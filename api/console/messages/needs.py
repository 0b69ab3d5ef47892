"""What the pages of needs say."""

from typing import Final

from recommender.domain.kinds import Confidentiality
from recommender.domain.need_lists import NeedSort, NeedView
from recommender.domain.workflow import NeedState as N

FIELD_LABELS: Final[dict[str, str]] = {
    "title": "需求名称",
    "enterprise_code": "企业",
    "source": "来源",
    "description": "需求描述",
    "difficulties": "主要技术难点",
    "scenario": "应用场景",
    "industry_chain": "产业链",
    "technical_field": "技术领域",
    "industry": "行业",
    "keywords": "关键词",
    "indicators": "主要技术指标",
    "foundation": "现有基础",
    "target_trl": "期望成熟度",
    "research_content": "主要研究内容",
    "cooperation_mode": "合作方式",
    "contract_type": "合同类型",
    "desired_partners": "期望对象",
    "intended_experts": "意向专家",
    "budget_wan": "预期投入（万元）",
    "reward_wan": "悬赏（万元）",
    "duration_months": "时限（月）",
    "deadline": "截止日期",
    "confidentiality": "密级",
    "public_summary": "公开摘要",
    "diagnosis": "诊断意见",
}
"""What the fields of a need are called, on the form, on its page and where something has to be looked at."""

VIEW_LABELS: Final[dict[NeedView, str]] = {
    NeedView.REVIEW: "待审核",
    NeedView.OWNER: "待企业补充",
    NeedView.OPEN: "匹配与对接",
    NeedView.RESULT: "有结果",
    NeedView.PUT_AWAY: "已归档",
    NeedView.ALL: "全部",
}
OWNER_VIEW_LABELS: Final[dict[NeedView, str]] = {
    NeedView.ALL: "全部",
    NeedView.OWNER: "待我补充",
    NeedView.REVIEW: "审核中",
    NeedView.OPEN: "匹配与对接",
    NeedView.RESULT: "有结果",
    NeedView.PUT_AWAY: "已归档",
}
SORT_LABELS: Final[dict[str, str]] = {
    NeedSort.DUE: "期限近的在前",
    f"-{NeedSort.UPDATED}": "最近更新在前",
    NeedSort.UPDATED: "最早更新在前",
    NeedSort.DEADLINE: "截止日期近的在前",
    NeedSort.TITLE: "按名称",
    NeedSort.ID: "按编号",
}

TONES: Final[dict[N, str]] = {
    N.DRAFT: "",
    N.SUBMITTED: "info",
    N.RETURNED: "warn",
    N.DIAGNOSIS: "warn",
    N.PUBLISHED: "accent",
    N.MATCHING: "accent",
    N.BROKERING: "accent",
    N.SOLVED: "good",
    N.PARTLY_SOLVED: "good",
    N.TRACKED: "info",
    N.UNSOLVED: "bad",
    N.CLOSED: "line",
    N.EXPIRED: "bad",
    N.WITHDRAWN: "line",
}
"""How the chip of a state is coloured; its words say the same."""

ACTING: Final[dict[N, str]] = {
    N.DRAFT: "企业",
    N.SUBMITTED: "审核员",
    N.RETURNED: "企业",
    N.DIAGNOSIS: "审核员与企业",
    N.PUBLISHED: "审核员",
    N.MATCHING: "审核员与企业",
    N.BROKERING: "审核员与双方",
    N.SOLVED: "审核员",
    N.PARTLY_SOLVED: "审核员",
    N.TRACKED: "审核员",
    N.UNSOLVED: "审核员",
    N.EXPIRED: "审核员",
}
"""Who acts next; nobody where a state is not named."""

NEXT_FOR_OWNER: Final[dict[N, str]] = {
    N.DRAFT: "草稿还没有提交。写好后提交审核，审核员一般在 5 天内答复。",
    N.SUBMITTED: "审核员正在审核。审核期间仍可以修改内容，也可以撤回。",
    N.RETURNED: "审核员请你补充。按下方意见修改后重新提交即可，已写的内容都在。",
    N.DIAGNOSIS: "审核员安排二次诊断，帮你把问题说清。可以先补充内容并重新提交。",
    N.PUBLISHED: "需求已发布。现在就可以查看推荐并说明有意或无意，审核员会选出第一批推荐给你。",
    N.MATCHING: "已有推荐在推进。收到推荐请在期限内答复有意或无意。",
    N.BROKERING: "对方已经接受，正在对接。进展记录在对接中。",
    N.SOLVED: "需求已解决，审核员随后归档。",
    N.PARTLY_SOLVED: "需求部分解决。仍要继续找人时，请联系审核员重新匹配。",
    N.TRACKED: "需求转入长期跟踪，审核员会定期回访，夜间批次仍会推荐。",
    N.UNSOLVED: "暂时没有找到合适的对象。补充条件后，可以请审核员重新匹配。",
    N.CLOSED: "需求已归档，不再推荐。仍有需要时，请联系审核员重新发布，或另提一条需求。",
    N.EXPIRED: "截止日期已过，不再推荐。要继续时，请联系审核员改期后重新发布。",
    N.WITHDRAWN: "需求已撤回，不再推荐。可以转为草稿，修改后重新提交。",
}
NEXT_FOR_OFFICER: Final[dict[N, str]] = {
    N.DRAFT: "企业还在填写，尚未提交。需要时可以代为补充并提交。",
    N.SUBMITTED: "请审核：内容说得清就发布；缺关键内容就退回补充，或转二次诊断与企业一起说清。",
    N.RETURNED: "等待企业补充。逾期未补充可以电话提醒，或代为补充后提交。",
    N.DIAGNOSIS: "请与企业一起诊断，把结论写入“诊断意见”，再发布或退回。",
    N.PUBLISHED: "请在审核台选出第一批推荐；确认任意一条后自动转为匹配中。",
    N.MATCHING: "推荐正在推进。专家接受后自动转为对接中；有了结论请记下结果。",
    N.BROKERING: "双方正在对接。请跟进进展，有了结论请记下结果。",
    N.SOLVED: "已有结果，请归档。",
    N.PARTLY_SOLVED: "部分解决：可以重新匹配，或归档。",
    N.TRACKED: "长期跟踪中，请按期回访；条件变化时可以重新匹配。",
    N.UNSOLVED: "未找到合适对象：可以补充条件后重新匹配，或归档。",
    N.CLOSED: "已归档，不再推荐。需要时可以重新发布。",
    N.EXPIRED: "截止日期已过。先改截止日期，再重新发布；或归档。",
    N.WITHDRAWN: "企业已撤回。可以归档，或转为草稿代为修改。",
}
"""What happens next, in every state, to who owns the need and to who reviews it."""

STEP_LABELS: Final[dict[N, str]] = {
    N.SUBMITTED: "提交审核",
    N.PUBLISHED: "发布",
    N.RETURNED: "退回补充",
    N.DIAGNOSIS: "转二次诊断",
    N.MATCHING: "重新匹配",
    N.BROKERING: "转为对接中",
    N.SOLVED: "记为已解决",
    N.PARTLY_SOLVED: "记为部分解决",
    N.TRACKED: "转长期跟踪",
    N.UNSOLVED: "记为未解决",
    N.CLOSED: "归档",
    N.WITHDRAWN: "撤回",
    N.DRAFT: "转为草稿",
}
STEP_LABELS_FROM: Final[dict[tuple[N, N], str]] = {
    (N.RETURNED, N.SUBMITTED): "重新提交",
    (N.DIAGNOSIS, N.SUBMITTED): "重新提交",
    (N.PUBLISHED, N.MATCHING): "转为匹配中",
    (N.BROKERING, N.MATCHING): "退回匹配中",
    (N.CLOSED, N.PUBLISHED): "重新发布",
    (N.EXPIRED, N.PUBLISHED): "重新发布",
    (N.PUBLISHED, N.DIAGNOSIS): "收回并二次诊断",
    (N.MATCHING, N.DIAGNOSIS): "收回并二次诊断",
}
"""What a step is called; where it comes from makes a difference to some."""

STEP_EFFECTS: Final[dict[N, str]] = {
    N.SUBMITTED: "提交后由审核员审核，期间仍可以修改。",
    N.PUBLISHED: "发布后进入匹配；对外只公开名称与公开摘要。",
    N.RETURNED: "企业会看到原因与备注，补充后重新提交。",
    N.DIAGNOSIS: "由审核员与企业一起把问题说清，再决定是否发布。",
    N.MATCHING: "夜间批次会继续推荐。",
    N.BROKERING: "已有对象在谈时使用。",
    N.SOLVED: "记下结果，之后可以归档。",
    N.PARTLY_SOLVED: "记下结果，之后可以重新匹配或归档。",
    N.TRACKED: "按期回访，夜间批次仍会推荐。",
    N.UNSOLVED: "记下原因，之后可以重新匹配或归档。",
    N.CLOSED: "不再推荐；未签约的对接一并取消。",
    N.WITHDRAWN: "不再推荐；未签约的对接一并取消。",
    N.DRAFT: "回到草稿，可以修改后重新提交。",
}
"""What follows from a step, said before it is taken."""

DONE: Final[dict[N, str]] = {
    N.SUBMITTED: "已提交审核。",
    N.PUBLISHED: "已发布，进入匹配。",
    N.RETURNED: "已退回，企业可以看到原因与备注。",
    N.DIAGNOSIS: "已转二次诊断。",
    N.MATCHING: "已转为匹配中。",
    N.BROKERING: "已转为对接中。",
    N.SOLVED: "已记为解决。",
    N.PARTLY_SOLVED: "已记为部分解决。",
    N.TRACKED: "已转长期跟踪。",
    N.UNSOLVED: "已记为未解决。",
    N.CLOSED: "已归档。",
    N.WITHDRAWN: "已撤回，未签约的对接一并取消。",
    N.DRAFT: "已转为草稿。",
}
"""What is said after a step was taken."""

STEP: Final = "步骤"
REASON: Final = "原因"
SAVED: Final = "草稿已保存。"
SUMMARY_TAKEN: Final = "已采用为公开摘要，可以在修改需求时再改。"
ARCHIVED: Final = "已归档 {n} 条需求。"
UNARCHIVED: Final = "已撤销归档，{n} 条需求回到原来的状态。"
DIAGNOSED: Final = "诊断意见已保存，企业可以看到。"
CHANGED: Final = "修改已保存。"
SAVED_AND_SUBMITTED: Final = "已保存并提交审核。"
UNDONE: Final = "已撤销，回到“{state}”。"
REVEALED: Final = "已登记用途，{until} 前可以看到完整内容。"

LEVEL_HINTS: Final[dict[Confidentiality, str]] = {
    Confidentiality.PUBLIC: "摘要里可以写指标与数值；没有摘要时，其他企业能看到名称。",
    Confidentiality.INTERNAL: "全文只给负责的审核员看，并用于匹配；其他企业只看到公开摘要，摘要不写名称、金额与数值。",
    Confidentiality.CONFIDENTIAL: "全文只给本企业与审核员看；从成果找企业时，只用名称与公开摘要。",
}

TRL_LABELS: Final[dict[int, str]] = {
    1: "TRL 1 · 原理",
    2: "TRL 2 · 方案",
    3: "TRL 3 · 验证原理",
    4: "TRL 4 · 样品",
    5: "TRL 5 · 小试",
    6: "TRL 6 · 中试",
    7: "TRL 7 · 中试定型",
    8: "TRL 8 · 小批量",
    9: "TRL 9 · 量产",
}

QUESTIONS_LEAD: Final = "请补充："
