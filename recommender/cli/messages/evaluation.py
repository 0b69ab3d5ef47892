"""zh-CN sentences of evaluation."""

from typing import Final

ARGUMENT_DATASET: Final = "测试集文件夹"
ARGUMENT_RESULT: Final = "evaluate --json 的输出，或 --run-out 写出的文件"
OPTION_RETRIEVER: Final = "用什么排序：dense 语义，lexical 词语（不加载模型），hybrid 两者按设置合用"
OPTION_ENCODER: Final = "换用另一个编码模型：default、模型文件夹或模型名，写法同 MATCHMAKER_ENCODER"
OPTION_RUN_OUT: Final = "写出 TREC 排名文件（每条需求前 1,000 名），并在旁边写出同名加 .json 的度量结果"
OPTION_DATASET: Final = "排名文件旁没有度量结果时，用这个测试集评判"
RUN_WRITTEN: Final = "排名已写入 {run}，度量结果已写入 {report}。"
RETRIEVER_LABELS: Final[dict[str, str]] = {
    "dense": "语义（dense）",
    "lexical": "词语（lexical）",
    "hybrid": "语义与词语合用（hybrid）",
}
EVALUATED: Final = "测试集 {dataset}：{n_queries} 条需求，{n_passages} 段文本；{retriever}；编码器 {encoder}；配置 {configuration}"
FIGURE_HEADERS: Final = ("对象", "个数", "有答案的需求", "前十偏度", "前十覆盖")
WORST_TITLE: Final = "{kind}：{metric} 最低的需求"
RANKED_FIRST: Final = "排在前面"
RELEVANT: Final = "应当找到"
POSITION: Final = "第 {position} 名"
NOT_RANKED: Final = "未排名"
GRADE: Final = "评为 {grade}"
NOT_JUDGED: Final = "未评"
COMPARISON_TITLE: Final = "{kind}：{n} 条共同的需求"
COMPARISON_HEADERS: Final = ("指标", "A", "B", "B − A", "95% 区间", "p 值", "B 胜 / 负")
OPTION_SWEEP_OUT: Final = "写出的 JSON 文件"
OPTION_PARAMETER: Final = "只改变这个参数；可重复，默认全部"
SWEEP_WRITTEN: Final = "{n} 个点已写入 {file}。"
