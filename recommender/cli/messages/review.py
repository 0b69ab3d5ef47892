"""zh-CN sentences of review and figures."""

from typing import Final

TIMERS_DONE: Final = (
    "放开认领 {claims:,} 条，超时未答 {silent:,} 条，过期需求 {expired:,} 条，"
    "取消或转接对接 {cancelled:,} 条，新提醒 {reminders:,} 条。"
)
OPTION_FIGURES_BY: Final = "按什么分组：all 合计、officer 审核员、town 区镇、chain 产业链、month 月份"
OPTION_SINCE: Final = "时段的第一天；不填为最早"
OPTION_UNTIL: Final = "时段结束的次日；不填为至今"
OPTION_FIGURES_TOWN: Final = "只看企业所在区镇包含这些文字的"
OPTION_FIGURES_CHAIN: Final = "只看产业链包含这些文字的"
OPTION_FIGURES_CSV: Final = "以 CSV 输出，可以用 Excel 打开"
NO_FIGURES: Final = "这个时段还没有对接数据。"
FIGURE_COLUMNS: Final = (
    "分组",
    "推荐",
    "企业有意",
    "专家接受",
    "接洽",
    "签约",
    "结题",
    "合同金额（万元）",
    "预研资金（万元）",
    "带动倍数",
    "推荐到签约（天）",
)
MEDIAN_AND_P90: Final = "{median:.1f}（九成 {p90:.1f}）"
