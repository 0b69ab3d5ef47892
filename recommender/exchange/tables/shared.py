"""Columns and notes that several kinds of file share."""

from typing import Final

from recommender.exchange import parsers
from recommender.exchange.columns import ColumnSpec

TRL_NOTE: Final = "技术成熟度 1–9，或写阶段：" + "、".join(
    f"{word}（按 {level} 级）" for word, level in parsers.TRL_WORDS.items()
)
DAY_NOTE: Final = "日期，写成 yyyy-MM-dd；也可以写 yyyy/M/d 或 yyyy年M月d日"
PHRASES_NOTE: Final = "多项之间用“；”分隔"


def industry_chain(example: str) -> ColumnSpec:
    """产业链."""
    return ColumnSpec(
        field="industry_chain",
        header="产业链",
        parse=parsers.short_text,
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
            parse=parsers.short_text,
            example=province_example,
            note="所在省、自治区或直辖市",
        ),
        ColumnSpec(
            field="city",
            header="地区",
            aliases=("城市", "地市", "所在城市", "所在地区"),
            parse=parsers.short_text,
            example=city_example,
            note="所在地级市",
        ),
    )


def research_fields(example: str) -> ColumnSpec:
    """研究方向."""
    return ColumnSpec(
        field="research_fields",
        header="研究方向",
        aliases=("研究领域",),
        parse=parsers.phrases,
        example=example,
        note=PHRASES_NOTE,
    )
