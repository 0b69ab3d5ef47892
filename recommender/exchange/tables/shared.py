"""Columns and notes that several kinds of file share."""

from typing import Final

from recommender.exchange import forms, parsers
from recommender.exchange.columns import CONTENT, ColumnSpec

TRL_NOTE: Final = "技术成熟度 1–9，或写阶段：" + "、".join(
    f"{word}（按 {level} 级）" for word, level in parsers.TRL_WORDS.items()
)
DAY_NOTE: Final = "日期，写成 yyyy-MM-dd；也可以写 yyyy/M/d 或 yyyy年M月d日"
PHRASES_NOTE: Final = "多项之间用“；”分隔"
INDUSTRY_NOTE: Final = "国民经济行业分类（GB/T 4754—2017）的代码、名称或两者"


def industry_chain(example: str) -> ColumnSpec:
    """产业链."""
    return ColumnSpec(
        field="industry_chain",
        header="产业链",
        aliases=("产业链标签", "产业链环节", "产业链/环节"),
        form=forms.SHORT_TEXT,
        example=example,
        note="所属产业链或环节",
    )


def region(province_example: str, city_example: str) -> tuple[ColumnSpec, ColumnSpec]:
    """省份 and 地区."""
    return (
        ColumnSpec(
            field="province",
            header="省份",
            aliases=("所在省份", "省"),
            form=forms.SHORT_TEXT,
            example=province_example,
            note="所在省、自治区或直辖市",
        ),
        ColumnSpec(
            field="city",
            header="地区",
            aliases=("城市", "地市", "所在城市", "所在地区"),
            form=forms.SHORT_TEXT,
            example=city_example,
            note="所在地级市",
        ),
    )


def research_fields(example: str) -> ColumnSpec:
    """研究方向."""
    return ColumnSpec(
        field="research_fields",
        header="研究方向",
        group=CONTENT,
        aliases=("研究领域",),
        form=forms.PHRASES,
        example=example,
        note=PHRASES_NOTE,
    )


def technical_field(header: str, *aliases: str) -> ColumnSpec:
    """技术领域."""
    return ColumnSpec(
        field="technical_field",
        header=header,
        aliases=aliases,
        form=forms.SHORT_TEXT,
        example="先进制造与自动化",
        note="所属技术领域",
    )


def indicators(header: str, *aliases: str, example: str) -> ColumnSpec:
    """技术指标."""
    return ColumnSpec(
        field="indicators",
        header=header,
        aliases=aliases,
        group=CONTENT,
        form=forms.INDICATORS,
        example=example,
        note="每项写成“名称 比较符 值 单位”，例如 抗拉强度 ≥ 980 MPa；" + PHRASES_NOTE,
    )
