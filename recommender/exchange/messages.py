"""zh-CN sentences about the rows of a file: what is the matter, and what to do about it."""

from typing import Final

ROW_MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "value.required": ("缺少“{column}”。", "填写“{column}”；不需要的行请整行删除。"),
    "value.placeholder": ("“{value}”按未填处理。", "有确切内容时请填写，否则留空即可。"),
    "text.too_long": (
        "“{column}”有 {length} 个字，超过上限 {maximum} 个字。",
        "保留主要内容，其余作为附件；若内容串了列，请检查引号和分隔符。",
    ),
    "text.control_characters": (
        "“{column}”含有 {count} 个不可见的控制字符，已去掉。",
        "核对该单元格的文字是否完整。",
    ),
    "cell.uncached_formula": (
        "单元格是公式，文件里没有保存计算结果。",
        "在 Excel 中打开并保存一次，或把公式粘贴为数值后再导入。",
    ),
    "cell.formula_error": ("单元格是公式错误 {value}。", "改正公式，或直接填写内容。"),
    "id.became_date": ("编号被电子表格变成了日期 {value}。", "把该列设为“文本”格式后重新填写编号。"),
    "id.lost_digits": (
        "编号 {value} 被电子表格存成了数字，末尾几位可能已丢失。",
        "把该列设为“文本”格式后重新填写完整编号。",
    ),
    "id.too_long": ("编号有 {length} 个字符，超过上限 {maximum}。", "核对该列是否填了别的内容。"),
    "id.separator": (
        "编号“{value}”含有换行、逗号、顿号、分号或竖线。",
        "一格只填一个编号；编号本身请不要使用这些符号。",
    ),
    "credit_code.length": (
        "“{value}”有 {length} 位，统一社会信用代码应为 18 位。",
        "按营业执照核对；请填代码而不是名称。",
    ),
    "credit_code.characters": (
        "“{value}”含有统一社会信用代码不使用的字符。",
        "代码只用数字和大写字母，不用 I、O、S、V、Z，请按营业执照核对。",
    ),
    "credit_code.check_digit": ("“{value}”的校验位不符，可能有一位写错。", "按营业执照逐位核对。"),
    "credit_code.old_registration": (
        "“{value}”是旧的工商注册号，不是 18 位统一社会信用代码。",
        "已按编号导入；企业换发新照后请更新。",
    ),
    "date.form": ("“{value}”不是完整的日期。", "写成 yyyy-MM-dd，例如 2024-03-05。"),
    "date.no_such_day": ("没有“{value}”这一天。", "核对月份和日期。"),
    "date.range": ("日期“{value}”不在 1800 到 2199 年之间。", "核对年份。"),
    "year.form": ("“{value}”不是 1900 到 2100 之间的年份。", "写四位数字，例如 2024。"),
    "amount.form": ("“{value}”不是金额。", "写一个数字，单位万元，例如 80；区间请取上限，外币请先折算。"),
    "amount.range": ("金额“{value}”过大。", "核对单位，本列以万元计。"),
    "count.form": ("“{value}”不是 0 到 10,000 之间的整数。", "写一个整数，例如 3；未知时留空。"),
    "trl.form": ("“{value}”不是技术成熟度。", "写 1 到 9 的整数，或写 {allowed}。"),
    "choice.unknown": ("“{value}”不在可选项中。", "可选：{allowed}。"),
    "row.surplus_cells": (
        "这一行比表头多出 {count} 格内容，可能有未加引号的分隔符，各列会错位。",
        "给含有分隔符的内容加上英文双引号，或另存为 .xlsx 后导入。",
    ),
    "row.short": (
        "这一行只有 {count} 格，表头有 {expected} 列；缺少的各列保留库中原有内容。",
        "核对文件是否完整；要清空某列，请保留空单元格。",
    ),
    "duplicate.conflict": (
        "编号“{id}”在第 {rows} 行都有，内容不同。",
        "保留正确的一行，删除其余；这些行都没有导入。",
    ),
    "duplicate.identical": ("编号“{id}”与第 {first} 行完全相同，只取一次。", "可以删除重复的行。"),
    "reference.unknown": (
        "“{column}”中的编号 {ids} 在库中没有。",
        "先导入{label}（matchmaker import {kind} 文件），或改正编号。",
    ),
}
"""By code: message and suggestion, with the facts they name."""

NOTE_OTHER_SHEETS: Final = "工作簿中还有工作表“{sheets}”也带有可导入的表头，这次没有读取；需要时用 --sheet 指定。"
NOTE_ISSUES_CUT: Final = "只列出前 {listed:,} 条错误和提示，共有错误 {errors:,} 条、提示 {warnings:,} 条。"
LISTED_IDS: Final = "{shown} 等 {count:,} 个"
UNNAMED_COLUMN: Final = "第 {position} 列（无表头）"

SUMMARY_COUNTS: Final = "{label}：共 {rows:,} 行，新增 {new:,}，更新 {changed:,}，未变 {unchanged:,}"
SUMMARY_DUPLICATES: Final = "，重复 {duplicates:,}"
SUMMARY_ERRORS: Final = "，有误 {error_rows:,}"
SUMMARY_CHECKED: Final = "。仅检查，没有写入。"
SUMMARY_APPLIED: Final = "。已写入 {written:,} 条。"
SUMMARY_APPLIED_PARTLY: Final = "。已写入有效的 {written:,} 条；有误的行没有写入，请修正后再导入。"
SUMMARY_NOTHING_NEW: Final = "。与库中内容相同，没有改动。"
SUMMARY_NOTHING_VALID: Final = "。没有可写入的内容，库中没有改动。"
SUMMARY_REFUSED: Final = (
    "。文件中有错误，全部没有写入。请按提示修正后重新导入，或用 --valid-only 只导入有效的行。"
)
CUT_TEXT: Final = "……（单元格装不下，已截断；原文共 {length} 个字）"
