"""zh-CN sentences of duplicates and merges."""

from typing import Final

OPTION_DUPLICATE_KIND: Final = "只看一类：enterprise（企业）、expert（专家）、platform（创新平台）；默认全部"
OPTION_AGAIN: Final = "已标为不同的也重新列出"
OPTION_REJECTED: Final = "列出已标为不同的"
OPTION_N_SHOWN: Final = "最多列出多少条"
OPTION_KEEP: Final = "保留哪个编号，默认保留内容较多的一条（企业优先保留信用代码有效的）"
OPTION_FIELD: Final = "指定一个字段的内容：字段=值，或 字段=编号（取该记录的内容）；可重复"
ARGUMENT_ONE_ID: Final = "一条记录的编号（企业为信用代码）"
ARGUMENT_OTHER_ID: Final = "另一条记录的编号"
ARGUMENT_MERGE: Final = "合并的编号，见 matchmaker duplicates history"
DUPLICATES_FOUND: Final = (
    "{kind}：比较 {records:,} 条，疑似重复 {pairs:,} 对待定（新发现 {new:,} 对，不再出现 {gone:,} 对）。"
)
DUPLICATES_LEFT_OUT: Final = "另有 {n:,} 对此前已标为不同，没有列出。"
AFTER_FIND: Final = (
    "接下来：matchmaker duplicates list 查看，再用 duplicates merge A B 合并，或 duplicates reject A B 标为不同。"
)
NO_DUPLICATES: Final = "没有这样的疑似重复。资源库有变化后，请运行 matchmaker duplicates find。"
MORE_PAIRS: Final = "只列出前 {shown:,} 对，共 {n:,} 对。用 -n 列出更多，或用 --json 输出全部。"
PAIR_TITLE: Final = "{kind} · 分值 {score}"
FIELD_HEADER: Final = "不同的字段"
SPEAKS_FOR: Final = "＋ "
SPEAKS_AGAINST: Final = "－ "
EMPTY_FIELD: Final = "--"
MERGED: Final = "“{absorbed}”已并入“{survivor}”（{name}），涉及 {n:,} 行。合并编号 {id}。"
AFTER_MERGE: Final = (
    "匹配结果中即刻不再出现被并入的记录；重建索引（matchmaker index build）后，它的成果计入保留的一条。"
    "撤销：matchmaker duplicates undo {id}"
)
REJECTED: Final = "“{first}”与“{second}”已标为不同，以后不再提示。"
MERGE_UNDONE: Final = "合并 {id} 已撤销：“{survivor}”与“{absorbed}”恢复原状。"
NO_MERGES: Final = "还没有合并过记录。"
MERGE_HEADERS: Final = ("合并编号", "时间（UTC）", "操作人", "种类", "并入", "状态")
INTO: Final = "{absorbed} → {survivor}"
UNDONE_BY: Final = "{state}（{by}，{at}）"
