"""创新平台."""

from typing import Final

from recommender.domain.entities import Platform
from recommender.exchange import parsers
from recommender.exchange.columns import ColumnSpec, TableKind, TableSpec
from recommender.exchange.tables.shared import PHRASES_NOTE, industry_chain, region, research_fields

PLATFORMS: Final = TableSpec(
    kind=TableKind.PLATFORMS,
    label="创新平台",
    subject="platform",
    record=Platform,
    key=("id",),
    columns=(
        ColumnSpec(
            field="id",
            header="平台编号",
            required=True,
            parse=parsers.identifier,
            example="PT001",
            note="不重复的编号",
        ),
        ColumnSpec(
            field="name",
            header="平台名称",
            required=True,
            parse=parsers.short_text,
            example="示例省智能检测工程技术研究中心",
            note="认定文件上的全称",
        ),
        ColumnSpec(
            field="type",
            header="平台类型",
            parse=parsers.short_text,
            example="工程技术研究中心",
            note="认定的类型",
        ),
        ColumnSpec(
            field="level",
            header="级别",
            aliases=("平台级别",),
            parse=parsers.short_text,
            example="省级",
            note="认定的级别",
        ),
        ColumnSpec(
            field="host_organisation",
            header="依托单位",
            parse=parsers.short_text,
            example="示例大学",
            note="建设或依托单位",
        ),
        *region("江苏", "南京"),
        industry_chain("智能装备"),
        research_fields("机器视觉；无损检测"),
        ColumnSpec(
            field="services",
            header="服务",
            aliases=("服务内容", "可提供的服务"),
            parse=parsers.long_text,
            example="表面缺陷检测方案验证与小批量试用",
            note="对外提供的服务",
        ),
        ColumnSpec(
            field="equipment",
            header="设备",
            aliases=("主要设备", "仪器设备"),
            parse=parsers.long_text,
            example="工业 CT、激光共聚焦显微镜",
            note="可共享的主要设备",
        ),
        ColumnSpec(
            field="certifications",
            header="资质",
            parse=parsers.words,
            example="CNAS；CMA",
            note=PHRASES_NOTE,
        ),
        ColumnSpec(
            field="director",
            header="负责人",
            parse=parsers.short_text,
            example="李某某",
            note="平台负责人姓名",
        ),
    ),
    derived=("成果数",),
)
