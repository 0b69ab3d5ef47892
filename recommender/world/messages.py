"""zh-CN texts that a written city carries with it."""

from typing import Final

README: Final = """# 合成城市

由 `matchmaker world --scale {scale} --seed {seed}` 生成，**全部内容为虚构**：人名、高校院所、企业、信用代码、专利号、手机号与数值
都不对应任何真实的个人、单位或权利；行业代码与区镇名称为真实名称。同样的程序、规模与种子生成同样的文件。

| 文件 | 内容 | 行数 |
|---|---|---|
{rows}

导入次序：企业、企业年度数据、专家、创新平台、成果、成果与平台的关联、需求，例如 `matchmaker import enterprises enterprises{suffix}`。

## 主题与相关性

- `topics.tsv`：每个对象（及每条查询）属于哪些主题，第一个为主。
- `relations.tsv`：主题之间的关系，1 为同类（同一细分领域），0 为近失（用词相近、意思不同）；没有列出的互不相关。
- 等级：对象与查询同主题为 3，同类为 1，其余为 0；对象有几个主题时取最高的。

## 测试集 `collection/`

`matchmaker evaluate collection` 可以直接度量。每家企业一条查询（{n_queries} 条）：提过需求的用需求，其余用企业画像。
语料是全市的一个摘取（{n_passages} 段）：每个主题至多 {experts} 位专家及其全部成果、{platforms} 个平台；规模小时即为全市。
其中 {n_judged} 条查询在这个语料内评定完整：同主题、同类、近失全部列出，另从其他每个主题各取一个对象记为 0。
"""

FILE_LABELS: Final[dict[str, str]] = {
    "enterprises": "企业",
    "enterprise_facts": "企业年度数据",
    "needs": "需求",
    "experts": "专家",
    "platforms": "创新平台",
    "achievements": "成果",
    "achievement_platforms": "成果与平台的关联",
}

STAGE_ENTERPRISES: Final = "生成企业"
STAGE_EXPERTS: Final = "生成专家"
STAGE_ACHIEVEMENTS: Final = "生成成果"
STAGE_COLLECTION: Final = "写测试集"
