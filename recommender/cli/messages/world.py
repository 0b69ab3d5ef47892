"""zh-CN sentences of synthetic cities."""

from typing import Final

OPTION_SCALE: Final = "规模，1.0 为 51,541 家企业、62,213 位专家、2,621 个平台、约 19 万项成果"
OPTION_SEED: Final = "随机种子"
OPTION_WORLD_OUT: Final = "写出的文件夹，不存在或为空"
OPTION_WORLD_FORMAT: Final = "文件格式：csv 或 xlsx"
WORLD_WRITTEN: Final = "合成城市已写入 {folder}：{counts}。测试集有 {queries:,} 条查询、{passages:,} 段文本，其中 {judged:,} 条查询已评定。"
WORLD_COUNT: Final = "{label} {n:,}"
WORLD_NEXT: Final = "接下来：按 {folder}/README.md 的次序导入，或运行 matchmaker evaluate {folder}/collection。"
