"""What the pages of imports say."""

from typing import Final

STEPS: Final = ("上传", "选项", "检查", "导入", "结果")

UPLOADED: Final = "已上传 {file}。请核对种类与各列的对应。"
UPLOADED_UNKNOWN: Final = "已上传 {file}，从表头看不出是哪一类数据。请先选择种类。"
DISCARDED: Final = "已放弃 {file} 的导入，文件已删除。"
UNDOING: Final = "正在撤销，完成后这里会更新。"
MAPPING_FORGOTTEN: Final = "已忘记这种表头的对应，各列按表头重新识别。"
MAPPING_NOT_THERE: Final = "没有记住过这种表头的对应。"
ANNOTATED_NAME: Final = "{name}-标注.xlsx"
TOO_LARGE: Final = "文件超过上限 {maximum}，没有保存。请拆成几个文件分别导入，或请管理员在服务器上导入。"

FAULTS: Final[dict[str, str]] = {
    "import.columns_missing": "{label}必需的列没有对应：{missing}。请在下方为它们选择文件中的列，或补上后重新上传。",
    "import.columns_of_other_kind": "文件里没有{label}必需的列：{missing}。看起来这是{other_label}，请在下方改选种类。",
    "import.sheet_not_found": "没有名为“{sheet}”的工作表。请在下方重新选择。",
    "import.sheet_hidden": "只有隐藏的工作表“{sheet}”带有{label}的表头。请在下方选择它，或换一个种类。",
    "import.no_sheets": "这是文本文件，没有工作表。请在下方重新读取。",
    "import.map_header_absent": "文件中没有表头“{header}”。请在下方重新选择各列的对应。",
    "import.undo_done": "此批次已在 {at} 撤销。可以在导入列表中核对。",
    "import.undo_indexed": "此批次已进入正在使用的索引版本，不能撤销。请导入更正后的文件；"
    "如须整批撤回，请管理员先退回更早的索引版本。",
    "import.undo_sealed": "此批次早已进入索引，它替换掉的内容不再保留，不能撤销。请导入更正后的文件。",
}
"""In place of sentences that name options of the command line."""

UNDO_CLOSED: Final[dict[str, str]] = {
    "已撤销": "此批次已于 {at} 撤销，资源库已恢复到导入前的内容。",
    "已进入索引": "此批次已进入索引版本，不能再撤销。需要更正时，请导入更正后的文件。",
}
"""Why a batch cannot be taken back, by its state."""
