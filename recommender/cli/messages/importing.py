"""zh-CN sentences of imports."""

from typing import Final

OPTION_VALID_ONLY: Final = "只写入合格的行，其余列为错误"
OPTION_CHECK: Final = "只检查并预览，不写入，同 import check"
OPTION_MAP: Final = (
    "列的对应，写作“文件表头=字段表头”，等号右边留空表示不读取该列；可重复。写入后，表头相同的文件自动沿用"
)
OPTION_FORGET_MAPPING: Final = "忘掉为这种表头记住的列对应"
OPTION_ANNOTATED: Final = "把各行连同“错误说明”另存为这个 .xlsx 文件"
OPTION_ROWS: Final = "显示前几行"
OPTION_LIMIT: Final = "最多列出几个批次"
ARGUMENT_BATCH: Final = "批次编号，见 import list；默认最近的批次"
OPTION_SHEET: Final = "工作表名称，默认取第一个有内容的表"
UNKNOWN_COLUMNS: Final = "不认识的列，已忽略：{columns}"
IGNORED_COLUMNS: Final = "不导入的列（由系统统计，或指定不读取）：{columns}"
MORE_ROWS: Final = "……另有 {n} 处未列出"
AFTER_IMPORT: Final = "接下来：matchmaker index build，使匹配用上新的内容。"
BATCH_WRITTEN: Final = "导入批次 {batch}；重建索引前可以撤销：matchmaker import undo {batch}"
CHECKED_FILE: Final = "文件 {file}（{format}{encoding}{sheet}），表头在第 {row} 行。"
CHECKED_ENCODING: Final = "，{encoding} 编码"
CHECKED_SHEET: Final = "，工作表“{sheet}”"
SAME_HEADERS: Final = "表头一致的列：{columns}"
ABSENT_COLUMNS: Final = "文件中没有的列，保留库中原有内容：{columns}"
MAPPING_TITLE: Final = "按对应读取的列"
MAPPING_HEADERS: Final = ("文件表头", "读作", "依据")
PREVIEW_TITLE: Final = "前 {n} 行将这样保存"
PREVIEW_HEADERS: Final = ("行", "结果", "编号", "内容")
PREVIEW_CELL: Final = "{column}：{text}"
PREVIEW_SEPARATOR: Final = " ｜ "
SUSPECT_TITLE: Final = "疑似重复 {n} 条（不影响写入，请核对是否同一对象）"
SUSPECT_HEADERS: Final = ("行", "新记录", "可能与之相同", "理由")
ANNOTATED: Final = "带错误说明的工作簿已写入 {path}。改好后可以直接导入它。"
AFTER_CHECK: Final = "接下来：{command}"
FORGOTTEN: Final = "已忘掉为这种表头记住的列对应。"
NOTHING_FORGOTTEN: Final = "没有为这种表头记住的列对应。"
NO_BATCHES: Final = "还没有导入过文件。请运行 matchmaker import。"
BATCH_HEADERS: Final = ("批次", "来自", "新增", "更新", "撤销")
BATCH_ORIGIN: Final = "{label} {file}\n{at} {actor}"
ARGUMENT_FILE: Final = "CSV 或 XLSX 文件"
ERROR_TITLE: Final = "不合格 {n} 处"
WARNING_TITLE: Final = "请留意 {n} 处（不影响写入）"
ISSUE_HEADERS: Final = ("行", "列", "问题", "建议")
