"""zh-CN texts of ``matchmaker feedback`` and ``matchmaker judging``."""

from typing import Final

from recommender.domain.judging import System

FEEDBACK_HELP: Final = "把审核决定变成训练与度量用的数据。"
FEEDBACK_EXPORT_HELP: Final = (
    "导出全部审核决定：BEIR 格式的语料、需求与等级（按需求与时间分为 train、dev、test），以及逐条决定的 feedback.jsonl。"
    "masked 子文件夹是同样内容的无个人信息版本。"
)
JUDGING_HELP: Final = "盲评：把几个系统的候选混在一起，由人逐项评判，不显示名次、得分与来自哪个系统。"
JUDGING_POOL_HELP: Final = "为选定的需求建立一个评判池。"
JUDGING_PROGRESS_HELP: Final = "查看评判池的进度、评判者之间的一致程度与各系统的度量；不写编号则列出全部评判池。"
JUDGING_EXPORT_HELP: Final = (
    "把一个评判池的结果导出为测试集（BEIR 格式，不含个人信息），可用 matchmaker evaluate 度量。"
)
JUDGING_CLOSE_HELP: Final = "结束一个评判池，不再接受评判。"

ARGUMENT_FOLDER: Final = "新的或空的文件夹"
ARGUMENT_POOL: Final = "评判池编号"
ARGUMENT_POOL_OR_ALL: Final = "评判池编号；不写则列出全部"
ARGUMENT_TITLE: Final = "评判池的名称"
OPTION_FORCE: Final = "文件夹已有内容时覆盖"
OPTION_PURPOSE: Final = "用途；写明后文字不遮盖个人信息（masked/ 除外），并记入处理活动记录"
OPTION_ETA: Final = "位置偏差：第 n 位被看到的概率为 (1/n) 的 eta 次方；0 为每个位置一样"
OPTION_CLIP: Final = "逆倾向权重的上限"
OPTION_NEED: Final = "需求编号，可重复"
OPTION_KIND: Final = "评判哪类对象，可重复；默认专家、创新平台、成果"
OPTION_SYSTEM: Final = "哪些系统提供候选，可重复；默认全部"
OPTION_DEPTH: Final = "每个系统对每条需求、每类对象提供几个候选"
OPTION_OVERLAP: Final = "多少比例的项由几个人各评一次，用来计算一致程度"
OPTION_JUDGES: Final = "这些项各由几个人评判"
OPTION_SEED: Final = "随机种子；相同则抽样与顺序相同"

STAGE_POOL: Final = "各系统检索"
EXPORTED: Final = (
    "已导出到 {folder}：{n_decisions} 个决定，涉及 {n_cases} 次对接，其中 {n_ungraded} 次不能说明是否相关，只列入 feedback.jsonl；"
    "有等级的：训练 {train}、调参 {dev}、测试 {test}；语料 {n_passages} 段。"
)
EXPORTED_NEXT: Final = "接下来：matchmaker evaluate {folder}"
POOLED: Final = "评判池 {pool}：{n_items} 项，共需 {n_wanted} 次评判。"
POOL_EXPORTED: Final = "评判池 {pool} 的 {n} 对评判已导出到 {folder}。"
POOL_CLOSED: Final = "评判池 {pool}（{title}）已结束。"
NO_POOLS: Final = "还没有评判池。可以用 matchmaker judging pool 建立。"
POOL_HEADERS: Final = ("编号", "名称", "建立时间", "对象", "深度", "状态")
OPEN: Final = "进行中"
CLOSED: Final = "已结束"
PROGRESS: Final = "进度 {ratio:.0%}：{n_done} / {n_wanted} 次评判，{n_items} 项，跳过 {n_skipped} 次"
JUDGED_BY: Final = "  {judge}：{n} 项"
AGREEMENT: Final = "几个人都评过的 {n} 项，一致程度（Krippendorff α，有序）{alpha}"
UNKNOWN: Final = "—"
FIGURE_HEADERS: Final = ("对象", "系统", "需求")
AGAINST: Final = "nDCG@10 与现行系统之差"
FIGURES_NOTE: Final = "只在评判过的候选上计算：没有人看过的不算对也不算错。"
SYSTEM_LABELS: Final[dict[System, str]] = {
    System.HYBRID: "现行系统",
    System.LEXICAL: "只用词语（BM25）",
    System.DENSE: "只用语义",
    System.RANDOM: "随机抽取",
}
