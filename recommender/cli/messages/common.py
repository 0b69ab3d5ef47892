"""zh-CN sentences of several commands."""

from typing import Final

OPTION_JSON: Final = "以 JSON 输出，供程序读取"
OPTION_FORCE: Final = "覆盖同名的文件"
OPTION_FILTER: Final = "筛选条件，如 区域=苏州；可重复，须同时满足"
RUN_DONE: Final = "批次 {run} 完成：{n} 条需求，推荐已保存。"
LESS_SPACE: Final = "……"
STAGE_MATCH: Final = "匹配需求"
ARGUMENT_KIND: Final = (
    "数据种类：enterprises、enterprise-facts、experts、platforms、achievements、achievement-platforms、needs"
)
OPTION_ENTERPRISE: Final = "一家企业的统一社会信用代码"
WHOLE_CITY: Final = "全市"
NOTHING: Final = "--"
