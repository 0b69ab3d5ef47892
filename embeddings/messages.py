"""zh-CN sentences for the error codes of this package; each says what happened and what to do next."""

from typing import Final

MESSAGES: Final[dict[str, str]] = {
    "encoder.not_finite": (
        "编码器对第 {rows} 条文本给出了无效向量（NaN、无穷大或零向量），未写入任何内容。请运行 matchmaker doctor 检查模型文件，或更换 MATCHMAKER_ENCODER。"
    ),
    "encoder.folder_missing": "没有找到模型文件夹 {folder}。请核对 MATCHMAKER_ENCODER，或设为 default 使用自带模型。",
    "encoder.file_missing": "模型文件夹 {folder} 缺少文件 {file}。请重新取得完整的模型，或设为 MATCHMAKER_ENCODER=default 使用自带模型。",
    "encoder.file_changed": "模型文件夹 {folder} 中的 {file} 与清单不一致，可能已损坏。请重新取得完整的模型。",
    "encoder.config_invalid": "模型文件夹 {folder} 的配置无法读取（{detail}）。请重新取得完整的模型，或设为 MATCHMAKER_ENCODER=default 使用自带模型。",
    "encoder.format_unknown": "模型文件夹 {folder} 的格式号为 {found}，本程序只认识 {expected}。请升级本程序，或设为 MATCHMAKER_ENCODER=default 使用自带模型。",
    "encoder.model_unavailable": "无法打开模型 {name}（{detail}）。请把 MATCHMAKER_ENCODER 设为本机上 sentence-transformers 模型的文件夹，或设为 default 使用自带模型。",
    "cache.unusable": "向量缓存 {folder} 无法使用（{detail}）。请检查目录权限；缓存可以整个删除，下次会重新计算。",
    "cache.full": "向量缓存 {folder} 已写满（{detail}）。请腾出磁盘空间，或删除该目录后重新运行 matchmaker index build。",
    "snapshot.none": "还没有可用的索引版本。请先运行 matchmaker index build。",
    "snapshot.unknown": "没有名为“{generation}”的索引版本。请运行 matchmaker index list 查看现有版本。",
    "snapshot.file_missing": "索引版本 {generation} 缺少文件 {file}，已拒绝使用。请运行 matchmaker index build 重建，或用 matchmaker index use 换用其他版本。",
    "snapshot.file_changed": "索引版本 {generation} 的文件 {file} 与清单不一致，内容可能损坏，已拒绝使用。请运行 matchmaker index build 重建，或用 matchmaker index use 换用其他版本。",
    "snapshot.manifest_invalid": "索引版本 {generation} 的清单无法读取（{detail}），已拒绝使用。请运行 matchmaker index build 重建。",
    "snapshot.format_unknown": "索引版本 {generation} 的格式号为 {found}，本程序只认识 {expected}。请运行 matchmaker index build 重建。",
    "snapshot.encoder_differs": (
        "索引版本 {generation} 由编码器 {built_with} 建立，当前编码器是 {present}，两者的向量不能混用，已拒绝使用。"
        "请运行 matchmaker index build 重建索引，或把 MATCHMAKER_ENCODER 改回原来的模型。"
    ),
    "snapshot.recipe_differs": (
        "索引版本 {generation} 的分词词典或文本整理方式与当前程序不同，已拒绝使用。请运行 matchmaker index build 重建索引。"
    ),
    "snapshot.busy": "另一个进程正在建立索引。请等它结束后再运行 matchmaker index build。",
    "index.duplicate_ids": "待索引的段落编号重复：{ids}。未写入任何内容，请检查数据后重试。",
    "index.bad_vectors": "待索引的向量不符合要求（{detail}）。未写入任何内容，请运行 matchmaker doctor 检查模型。",
}
