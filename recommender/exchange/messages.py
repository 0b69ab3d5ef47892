"""zh-CN sentences about the rows of a file: what is the matter, and what to do about it."""

from typing import Final

ROW_MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "value.required": ("缺少“{column}”。", "填写“{column}”；不需要的行请整行删除。"),
    "value.placeholder": ("“{value}”按未填处理。", "有确切内容时请填写，否则留空即可。"),
    "text.too_long": (
        "“{column}”有 {length} 个字，超过上限 {maximum} 个字。",
        "保留主要内容，其余作为附件；若内容串了列，请检查引号和分隔符。",
    ),
    "text.over_form": (
        "“{column}”有 {length} 个字，超过规定的 {maximum} 个字，已按原文保留。",
        "精简到 {maximum} 个字以内，其余作为附件。",
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
    "count.form": ("“{value}”不是 0 到 {maximum} 之间的整数。", "写一个整数，例如 3；未知时留空。"),
    "ratio.form": ("“{value}”不是 0 到 100% 之间的比例。", "写成 85% 或 0.85；未知时留空。"),
    "months.form": ("“{value}”不是 600 个月以内的期限。", "写月数，例如 18，也可以写 18个月 或 2年。"),
    "truth.form": ("“{value}”不是“是”或“否”。", "写“是”或“否”；未知时留空。"),
    "trl.form": ("“{value}”不是技术成熟度。", "写 1 到 9 的整数，或写 {allowed}。"),
    "choice.unknown": ("“{value}”不在可选项中。", "可选：{allowed}。"),
    "choice.unusual": ("“{value}”不是常用的写法，已按原文保留。", "核对是否有误；常用：{allowed}。"),
    "indicator.form": (
        "“{value}”不是“名称 比较符 值 单位”的写法，已按原文保留，但不能自动比对。",
        "尽量写成 抗拉强度 ≥ 980 MPa 的样子，多项之间用“；”分隔。",
    ),
    "industry.unknown": (
        "“{value}”不是国民经济行业分类（GB/T 4754—2017）中的代码或名称，已按原文保留。",
        "写代码或名称，例如 C3042 特种玻璃制造；2011 版的代码请换成 2017 版。",
    ),
    "industry.mismatch": (
        "“{value}”的代码与名称不一致，已按代码取“{taken}”。",
        "核对行业代码；以名称为准时请改正代码。",
    ),
    "town.unknown": ("“{value}”不是本市的区镇，已按原文保留。", "外地企业可以不改；本市企业请核对区镇名称。"),
    "phone.form": (
        "“{column}”的内容不是电话号码。",
        "写一个手机号（11 位）或带区号的固定电话，例如 0512-58880000；备注请写到别的列。",
    ),
    "email.form": ("“{column}”的内容不是电子邮箱地址。", "写一个完整的地址，例如 name@example.edu.cn。"),
    "url.form": ("“{value}”不是网址。", "写以 http:// 或 https:// 开头的完整网址；文字说明请填到“数据来源”。"),
    "unit.unknown": ("“{value}”不是可以识别的单位。", "可选：{allowed}；比例和外币请先换算。"),
    "unit.conflict": (
        "数值里写的单位是“{cell}”，“单位”列是“{column_unit}”，两处不一致。",
        "核对后只保留一处单位，或把两处改成一致。",
    ),
    "unit.not_of_indicator": (
        "“{indicator}”以{unit}计，不能用“{value}”。",
        "核对指标与单位是否对应。",
    ),
    "unit.assumed": ("“{indicator}”没有写单位，已按{unit}计。", "核对数值是否以{unit}计，并填写“单位”列。"),
    "fact.value_form": ("“{value}”不是一个数。", "写一个数，例如 8560.5 或 1.2亿元；没有数据时留空。"),
    "fact.whole": ("“{indicator}”应为整数。", "核对数值是否填错了行或带了单位换算。"),
    "fact.range": ("“{indicator}”应在 {minimum} 到 {maximum} {unit}之间。", "核对数值与单位。"),
    "fact.value_but_missing": (
        "“状态”为“缺失”，但填了数值。",
        "有数值时把状态改为“已确认”或“有冲突”，否则清空数值。",
    ),
    "cell.merged": (
        "第 {first} 到 {last} 行的“{column}”是合并单元格，各行都按同一内容读取。",
        "若只属于第一行，请取消合并后重新导入。",
    ),
    "header.second_row": (
        "这一行紧接在第 {first} 行的表头之下，按表头的第二行（分栏、单位或填写说明）处理，没有作为数据。",
        "若这一行是数据，请补全必填的列后重新导入。",
    ),
    "header.repeated": ("这一行重复了表头，已跳过。", "可以删除重复的表头。"),
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
    "id.merged": ("编号“{old}”已并入“{id}”，这一行按“{id}”处理。", "请在文件中改用现在的编号。"),
    "id.merged_beside": (
        "编号“{old}”已并入“{id}”，文件中另有“{id}”一行，这一行没有导入。",
        "如有更新，请写在“{id}”那一行。",
    ),
    "person.erased": ("“{id}”的个人信息已按本人要求删除，这一行没有导入。", "请从文件中删去这一行。"),
    "person.erased_reference": (
        "“{column}”中的 {ids} 已按本人要求删除个人信息，没有写入。",
        "请从文件中删去。",
    ),
    "consent.kept": (
        "“{id}”已于 {on} 撤回同意，文件中为空，没有恢复。",
        "本人重新同意的，请用“登记意愿”办理。",
    ),
    "reach.outside": (
        "“{id}”不在当前账号负责的区镇或产业链内，这一行没有导入。",
        "请从文件中删去这一行，或由负责该区镇的审核员、管理员导入。",
    ),
    "reference.merged": ("“{column}”中的编号 {old} 已并入 {new}，按后者处理。", "请在文件中改用现在的编号。"),
    "reference.unknown": (
        "“{column}”中的编号 {ids} 在库中没有。",
        "先导入{label}，或改正编号。",
    ),
}
"""By code: message and suggestion, with the facts they name."""

NOTE_OTHER_SHEETS: Final = "工作簿中还有工作表“{sheets}”也带有可导入的表头，这次没有读取；需要时用 --sheet 指定。"
NOTE_ISSUES_CUT: Final = "只列出前 {listed:,} 条错误和提示，共有错误 {errors:,} 条、提示 {warnings:,} 条。"
LISTED_IDS: Final = "{shown} 等 {count:,} 个"
MASKED_HEADER: Final = "{header}（已遮盖）"
"""Not a header that the import knows: masked content never replaces what is stored."""
EXPORTED: Final = "{label}：已写出 {rows:,} 行、{columns} 列到 {file}。"
EXPORT_WITHHELD: Final = "另有 {withheld:,} 条不能随意公开（已撤回同意的专家、机密需求），没有写出。"
EXPORT_MASKED: Final = "已遮盖：{columns}。"
EXPORT_REVEAL: Final = "工作需要完整内容时，请用 --reveal，并以 --purpose 写明用途。"
CUT_TEXT: Final = "……（单元格装不下，已截断；原文共 {length} 个字）"
UNNAMED_COLUMN: Final = "第 {position} 列（无表头）"

ANNOTATION_HEADER: Final = "错误说明"
"""Header of the column that says what is wrong with a row; a file that comes back with it is read without it."""
ANNOTATION_ISSUE: Final = "{column}{message}{suggestion}"
ANNOTATION_UNLISTED: Final = "这一行有误；文件中错误太多，没有逐条列出。请先改正前面的行，再检查一次。"
ANNOTATION_CUT: Final = "“{column}”的内容超出单元格的上限，在本文件中被截断；请在原来的文件中修改这一行。"

SUMMARY_COUNTS: Final = "{label}：共 {rows:,} 行，新增 {new:,}，更新 {changed:,}，未变 {unchanged:,}"
SUMMARY_DUPLICATES: Final = "，重复 {duplicates:,}"
SUMMARY_SKIPPED: Final = "，按写入方式不写入 {skipped:,}"
SUMMARY_SUSPECTS: Final = "，疑似重复 {suspects:,}"
SUMMARY_ERRORS: Final = "，有误 {error_rows:,}"
SUMMARY_CHECKED: Final = "。仅检查，没有写入。"
SUMMARY_APPLIED: Final = "。已写入 {written:,} 条。"
SUMMARY_APPLIED_PARTLY: Final = "。已写入有效的 {written:,} 条；有误的行没有写入，请修正后再导入。"
SUMMARY_NOTHING_NEW: Final = "。与库中内容相同，没有改动。"
SUMMARY_NOTHING_VALID: Final = "。没有可写入的内容，库中没有改动。"
SUMMARY_REFUSED: Final = (
    "。文件中有错误，全部没有写入。请按提示修正后重新导入，或用 --valid-only 只导入有效的行。"
)

UNSAFE_DECLARATIONS: Final = "含有 DTD 声明"
UNSAFE_STRUCTURE: Final = "内部结构异常"
UNSAFE_CELL: Final = "有一处文字长得异常"
UNSAFE_DUPLICATES: Final = "内部有同名的部件"
UNSAFE_MEMBERS: Final = "内部的部件多得异常"
UNSAFE_MERGES: Final = "合并单元格多得异常"

FIELDS_INTRODUCTION: Final = """# 字段说明

各类文件的列，按导入的次序排列。**本页由程序中的列定义生成，请不要手改**；改动列定义之后运行下面的命令重新生成，
测试会核对两者一致：

    .venv/bin/python -m recommender.exchange.field_reference docs/fields.md

- 表头可以写“列名”或任何一个“别名”，不计空格、星号、全角与半角、大小写。
- “必填”的列须有，且每行都要填；“须有此列”的列不能缺，但单元格可以留空。文件里没有的其他列保留库中原有内容，空单元格表示清空。
- “/”“--”“暂无”“未知”等在数字和日期列里按未填处理，并给出提示。
- 标有“个人信息”的列不参与匹配，导出时默认遮盖；其中手机、邮箱和同意记录不在接口与日志中出现。
"""
FIELDS_TABLE: Final = "## {label}（{kind}）\n"
FIELDS_GROUP: Final = "### {group}\n"
FIELDS_COLUMNS: Final = ("列名", "必填", "填写说明", "填错时", "示例", "别名")
FIELDS_REQUIRED: Final = "必填"
FIELDS_MUST_EXIST: Final = "须有此列"
FIELDS_UNIT: Final = "单位：{unit}"
FIELDS_CHOICES: Final = "可选：{choices}"
FIELDS_SUGGESTIONS: Final = "常用：{choices}，也可以写别的"
FIELDS_PERSONAL: Final = "个人信息"
FIELDS_DERIVED: Final = "由系统计算、不导入的列：{headers}。\n"
FIELDS_INDICATORS: Final = "## 附表：年度指标\n"
FIELDS_INDICATOR_COLUMNS: Final = ("指标", "单位", "含义", "别名")
FIELDS_TOWNS: Final = "## 附表：区镇\n\n{towns}。别名见 `data/codes/zhangjiagang_towns.tsv`。\n"

TEMPLATE_FILE: Final = "{label}导入模板.xlsx"
TEMPLATE_NOTES: Final = "填写说明"
TEMPLATE_LISTS: Final = "可选值"
TEMPLATE_INDICATORS: Final = "指标说明"
TEMPLATE_INTRODUCTION: Final = (
    "请在工作表“{label}”中填写，从第 2 行起每行一条。只导入该工作表；本页和其余工作表只供查阅。",
    "列名带 * 的列必填。用不到的列可以整列删除，库中原有的内容不变；列还在而单元格留空，则清空库中原有的内容。",
    "编号已在库中的，按更新处理，不会重复新增。列的次序可以调整，列名请不要改。",
    "填好后先检查：matchmaker import check {kind} 文件.xlsx；没有错误再导入：matchmaker import apply {kind} 文件.xlsx。",
)
TEMPLATE_IMPORT_FIRST: Final = "本表引用别的编号，请先导入：{labels}。"
TEMPLATE_NOTE_COLUMNS: Final = ("列名", "必填", "分组", "填写说明", "类型", "单位", "可选值", "示例", "填错时")
TEMPLATE_INDICATOR_COLUMNS: Final = ("指标", "单位", "含义")
TEMPLATE_EXAMPLE: Final = "例如：{example}"
TEMPLATE_NOT_A_NUMBER: Final = "这里一般填一个数。若带单位或用文字说明，可以保留，导入检查时会逐条核对。"
TEMPLATE_NOT_A_DAY: Final = "这里一般填日期，写成 yyyy-MM-dd。其他写法可以保留，导入检查时会逐条核对。"
TEMPLATE_NOT_LISTED: Final = "不在可选值之中，见工作表“{sheet}”。通用的别名可以保留，其余在导入检查时会报错。"
TEMPLATE_NOT_USUAL: Final = "不是常用的写法，常用的见工作表“{sheet}”。可以保留。"
TEMPLATE_TYPES: Final = {"text": "文本", "number": "数字", "day": "日期"}
TEMPLATE_SEVERAL: Final = "文本，可多项"
TEMPLATE_CHOICE_TYPES: Final = {
    (True, False): "单选",
    (True, True): "多选",
    (False, False): "单选，可写别的",
    (False, True): "多选，可写别的",
}
"""By whether the list holds all there are, and whether a cell may hold several."""
