"""Columns of the library's tables: which there are, which are usual, and which a reader chose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import Request
from starlette.responses import Response

from recommender.domain.accounts import Actor
from recommender.domain.kinds import EntityKind
from recommender.domain.visibility import INSIDE_FIELDS
from recommender.services.library_search import LibraryHit
from recommender.services.personal.sight import is_outside

_COOKIE: Final = "matchmaker-columns-{kind}"
_A_YEAR_S: Final = 365 * 24 * 3600
WORKS: Final = "n_works"


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes:
        field: of the record, or :data:`WORKS`.
        form: how its values are written: ``text``, ``list``, ``prose``, ``day``, ``number``, ``money``,
            ``percent``, ``truth`` or ``willingness``.
    """

    field: str
    label: str
    form: str = "text"
    is_usual: bool = True

    @property
    def is_number(self) -> bool:
        """Whether its values stand at the right."""
        return self.form in {"number", "money", "percent"}


def _more(field: str, label: str, form: str = "text") -> Column:
    return Column(field, label, form, is_usual=False)


COLUMNS: Final[Mapping[EntityKind, tuple[Column, ...]]] = {
    EntityKind.ENTERPRISE: (
        Column("town", "区镇"),
        Column("industry_chain", "产业链"),
        Column("qualifications", "资质", "list"),
        Column("size", "规模"),
        Column("main_products", "主要产品", "prose"),
        Column("industry", "行业"),
        Column("founded_on", "成立日期", "day"),
        _more("above_scale", "规上", "truth"),
        _more("nature", "性质"),
        _more("city", "城市"),
        _more("registered_capital", "注册资本"),
        _more("business_scope", "经营范围", "prose"),
        _more("code", "统一社会信用代码"),
    ),
    EntityKind.EXPERT: (
        Column("organisation", "单位"),
        Column("job_title", "职称"),
        Column("research_fields", "研究方向", "list"),
        Column("industry_chain", "产业链"),
        Column(WORKS, "依据（项）", "number"),
        Column("willingness", "意愿", "willingness"),
        Column("verified_on", "最近核验", "day"),
        _more("discipline", "学科"),
        _more("department", "院系"),
        _more("honours", "称号"),
        _more("solvable_problems", "能解决的问题", "prose"),
        _more("cooperation_modes", "合作方式", "list"),
        _more("category", "类别"),
        _more("province", "省份"),
        _more("city", "城市"),
        _more("capacity", "容量（家）", "number"),
        _more("response_ratio", "响应率", "percent"),
        _more("data_source", "数据来源"),
        _more("id", "专家编号"),
    ),
    EntityKind.PLATFORM: (
        Column("type", "类型"),
        Column("level", "级别"),
        Column("host_organisation", "依托单位"),
        Column("research_fields", "研究方向", "list"),
        Column("industry_chain", "产业链"),
        Column(WORKS, "依据（项）", "number"),
        Column("certifications", "资质", "list"),
        _more("technical_field", "领域"),
        _more("services", "服务", "prose"),
        _more("equipment", "设备", "prose"),
        _more("city", "城市"),
        _more("n_staff", "人员（人）", "number"),
        _more("n_enterprises_served", "服务企业（家）", "number"),
        _more("recognised_in", "认定年份"),
        _more("valid_until", "有效期至", "day"),
        _more("id", "平台编号"),
    ),
    EntityKind.ACHIEVEMENT: (
        Column("type", "类别"),
        Column("year", "年份"),
        Column("organisation", "完成单位"),
        Column("trl", "成熟度"),
        Column("keywords", "关键词", "list"),
        Column("technical_field", "领域"),
        Column("legal_status", "法律状态"),
        _more("industry_chain", "产业链"),
        _more("application_industry", "应用行业"),
        _more("transfer_modes", "转化方式", "list"),
        _more("price_wan", "价格（万元）", "number"),
        _more("patent_number", "专利号"),
        _more("abstract", "摘要", "prose"),
        _more("id", "成果编号"),
    ),
}
"""By kind, in the order in which they stand; the name always stands first."""


def columns_for(actor: Actor, kind: EntityKind) -> tuple[Column, ...]:
    """The columns that an actor may choose from."""
    hidden = INSIDE_FIELDS if is_outside(actor) else frozenset()
    return tuple(column for column in COLUMNS[kind] if column.field not in hidden)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The columns of a page; ``is_own`` says whether the reader chose them."""

    columns: tuple[Column, ...]
    is_own: bool

    def has(self, column: Column) -> bool:
        """Whether a column is among them."""
        return column in self.columns

    def shown(self, hits: Sequence[LibraryHit]) -> tuple[Column, ...]:
        """Those to show: of the usual ones only those that say something on this page."""
        if self.is_own or not hits:
            return self.columns
        return tuple(column for column in self.columns if any(_says(column, hit) for hit in hits))


def chosen_columns(request: Request, actor: Actor, kind: EntityKind, names: Sequence[str]) -> Chosen:
    """The columns that the address names, otherwise those chosen last time, otherwise the usual ones."""
    columns = columns_for(actor, kind)
    known = {column.field: column for column in columns}
    if not names:
        names = request.cookies.get(_COOKIE.format(kind=kind.value), "").split(".")
    own = tuple(column for name, column in known.items() if name in names)
    return Chosen(own or tuple(column for column in columns if column.is_usual), bool(own))


def remember(response: Response, kind: EntityKind, names: Sequence[str]) -> None:
    """Let the browser keep what was chosen for next time; ``usual`` forgets it."""
    name = _COOKIE.format(kind=kind.value)
    fields = [column.field for column in COLUMNS[kind] if column.field in names]
    age = _A_YEAR_S if fields else 0
    cookie = f"{name}={'.'.join(fields)}; Path=/console/library; Max-Age={age}; HttpOnly; SameSite=Lax"
    response.headers.append("Set-Cookie", cookie)


def _says(column: Column, hit: LibraryHit) -> bool:
    value = hit.n_works if column.field == WORKS else getattr(hit.record, column.field)
    return value not in {None, "", ()} and value != 0
