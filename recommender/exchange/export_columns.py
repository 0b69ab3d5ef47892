"""Which columns an export has, in which order, and what is masked in them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from recommender.domain.disclosure import Disclosure
from recommender.domain.entities import Record
from recommender.domain.errors import InvalidInput
from recommender.domain.masking import mask_emails, mask_names, mask_note, mask_phones
from recommender.exchange.columns import ColumnSpec, PersonalData, TableSpec, normal_header
from recommender.exchange.forms import CellKind
from recommender.exchange.messages import MASKED_HEADER
from recommender.exchange.renderers import Rendered, plain_text
from recommender.exchange.writing import OutColumn

Mask = Callable[[str], str]

_MASKS: Final[Mapping[PersonalData, Mask]] = {
    PersonalData.NAME: mask_names,
    PersonalData.PHONE: mask_phones,
    PersonalData.EMAIL: mask_emails,
    PersonalData.NOTE: mask_note,
}
_VISIBLE: Final[Mapping[Disclosure, frozenset[PersonalData]]] = {
    Disclosure.MASKED: frozenset(),
    Disclosure.NAMES: frozenset({PersonalData.NAME}),
    Disclosure.FULL: frozenset(PersonalData),
}
_FILTER_WIDTH: Final = 3
"""Of the button that filters have in the header."""
_LONG_WIDTH: Final = 50
"""Columns as wide as this hold prose; cells formatted as text show long prose as ``####`` in older programs."""


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """A column of an export; ``mask`` is what its cells go through, if any."""

    spec: ColumnSpec
    mask: Mask | None

    @property
    def header(self) -> str:
        """The header; that of a masked column is one the import does not know.

        So a file that was exported, worked on and imported again leaves alone what it shows masked.
        """
        return self.spec.header if self.mask is None else MASKED_HEADER.format(header=self.spec.header)

    @property
    def out(self) -> OutColumn:
        """The column as files write it."""
        return out_column(self.spec, self.header)

    def cell(self, record: Record) -> Rendered:
        """What the column says of a record."""
        cell = self.spec.render(getattr(record, self.spec.field))
        return cell if self.mask is None or cell is None else self.mask(plain_text(cell))


def out_column(spec: ColumnSpec, header: str) -> OutColumn:
    """A column as files write it, wide enough for its header: ids, codes and telephone numbers stay text."""
    form = spec.form
    return OutColumn(
        header=header,
        width=max(form.width, 2 * len(header) + _FILTER_WIDTH),
        is_text=form.kind is CellKind.TEXT and form.width < _LONG_WIDTH,
        is_day=form.kind is CellKind.DAY,
        is_required=spec.required,
    )


def export_columns(
    table: TableSpec, names: Sequence[str] | None, disclosure: Disclosure
) -> tuple[ExportColumn, ...]:
    """The columns with these headers (or their aliases), in this order; ``None`` for all of them.

    Raises:
        InvalidInput: there is no such column, one is named twice, or none at all.
    """
    specs = table.columns if names is None else _chosen(table, names)
    visible = _VISIBLE[disclosure]
    return tuple(
        ExportColumn(spec, None if spec.personal is None or spec.personal in visible else _MASKS[spec.personal])
        for spec in specs
    )


def _chosen(table: TableSpec, names: Sequence[str]) -> list[ColumnSpec]:
    chosen: list[ColumnSpec] = []
    for name in names:
        spec = table.by_header.get(normal_header(name))
        if spec is None:
            known = "、".join(column.header for column in table.columns)
            raise InvalidInput("export.column_unknown", label=table.label, column=name, known=known)
        if spec in chosen:
            raise InvalidInput("export.column_repeated", column=spec.header)
        chosen.append(spec)
    if not chosen:
        raise InvalidInput("export.no_columns")
    return chosen
