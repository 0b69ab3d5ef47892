"""What the first page says to officers and administrators."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from recommender.domain.figures import Stage


class Line(NamedTuple):
    """What waits, and what to do about it."""

    title: str
    hint: str


LINES: Final[Mapping[str, Line]] = {
    "mine_overdue": Line("我的对接已逾期", "联系对方，走下一步或说明原因"),
    "mine_due": Line("我的对接即将到期", "在期限前走下一步"),
    "objections_overdue": Line("异议已逾期未答", "复核后答复结论与理由"),
    "objections": Line("异议等待答复", "复核后答复结论与理由"),
    "submitted": Line("需求待审核", "发布、退回补充或转二次诊断"),
    "diagnosis": Line("需求待二次诊断", "与企业一起把需求说清楚"),
    "returned": Line("对方未应", "再次联系，或另选对象"),
    "wished": Line("企业点名待推送", "企业看过推荐后已表示有意，请优先处理"),
    "high_score": Line("高分推荐待审核", "确认后推送给企业"),
    "unreviewed": Line("全部待审核推荐", "按名单逐条审核"),
    "others_overdue": Line("其他人的对接已逾期", "看是否需要协助"),
}
STAGES: Final[Mapping[Stage, str]] = {
    Stage.RECOMMENDED: "推送",
    Stage.INTERESTED: "企业有意",
    Stage.SIGNED: "签约",
    Stage.COMPLETED: "结题",
}
WHOLE_CITY: Final = "全市"
NO_REACH: Final = "还没有设置查看范围，请联系管理员"
NO_NIGHT: Final = "还没有运行过批次，因此没有推荐。请在服务器上运行 matchmaker nightly。"
NIGHT_RUNNING: Final = "批次正在运行，完成后会自动发布。"
NIGHT_NOT_PUBLISHED: Final = "最近的批次没有发布（{state}），现在的推荐来自更早的批次。请查看原因。"
NIGHT_OLD: Final = "最近的批次已是 {days} 天前。请确认定时任务是否在运行。"
NIGHT_OLD_HOURS: Final = 36
