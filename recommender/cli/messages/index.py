"""zh-CN sentences of the index."""

from typing import Final

BUILT: Final = (
    "索引版本 {generation} 已启用：{passages} 段文本，新算向量 {encoded}，沿用 {reused}，用时 {seconds:.1f} 秒。"
)
NO_GENERATIONS: Final = "还没有索引版本。请运行 matchmaker index build。"
VERIFIED: Final = "索引版本 {generation} 校验通过：{passages} 段文本，{size:.1f} MB。"
USED: Final = "现在使用索引版本 {generation}。"
ARGUMENT_GENERATION: Final = "索引版本的名称，见 matchmaker index list"
GENERATION_HEADERS: Final = ("", "版本", "建立时间（UTC）", "文本段数", "大小（MB）", "编码器", "状态")
IN_USE: Final = "使用中"
SOUND_MANIFEST: Final = "清单完好"
