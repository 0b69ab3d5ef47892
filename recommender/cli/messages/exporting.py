"""zh-CN sentences of exports and templates."""

from typing import Final

OPTION_COLUMNS: Final = "要导出的列，按此次序，如 姓名,单位；默认全部列"
OPTION_NAMES: Final = "导出完整的姓名（改好后再导入须有姓名一列），须同时写明 --purpose"
OPTION_REVEAL: Final = "导出完整的个人信息和机密需求，须同时写明 --purpose"
OPTION_PURPOSE: Final = "用途，记入操作记录，如 邀请专家参加对接会"
TEMPLATE_WRITTEN: Final = "导入模板已写到 {file}。填好后先检查：matchmaker import check {kind} {file}"
ARGUMENT_TEMPLATE: Final = "写出的 .xlsx 文件"
ARGUMENT_OUT: Final = "写出的文件，后缀决定格式"
