"""Which columns an export has, in which order, and what is masked in them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from recommender.domain.disclosure import Disclosure
from recommender.domain.entities import Record
from recommender.domain.errors import InvalidInput, Unavailable
from recommender.domain.masking import HIDDEN, mask_emails, mask_names, mask_note, mask_phones
from recommender.domain.sealed import is_sealed
from recommender.domain.visibility import TREATMENTS, Treatment, hidden_inside
from recommender.exchange.columns import ColumnSpec, TableSpec, normal_header
from recommender.exchange.forms import CellKind
from recommender.exchange.messages import MASKED_HEADER
from recommender.exchange.renderers import Rendered, plain_text
from recommender.exchange.writing import OutColumn

Mask = Callable[[str], str]

_MASKS: Final[Mapping[Treatment, Mask]] = {
    Treatment.NAME: mask_names,
    Treatment.PHONE: mask_phones,
    Treatment.EMAIL: mask_emails,
    Treatment.PAGE: mask_note,
    Treatment.NOTE: mask_note,
}
_WITH_NAMES: Final = (Treatment.NAME, Treatment.PAGE)
_FILTER_WIDTH: Final = 3
"""Of the button that filters have in the header."""
_LONG_WIDTH: Final = 50
"""Columns as wide as this hold prose; cells formatted as text show long prose as ``####`` in older programs."""


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """A column of an export.

    Attributes:
        mask: what its cells go through whole, if anything.
        hides: whether contacts, and the name of whom a record is about, are masked inside its texts. Such texts
            may be imported again: a plan knows them and leaves alone what is stored.
    """

    spec: ColumnSpec
    mask: Mask | None
    hides: bool = False

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

    def cell(self, record: Record, names: tuple[str, ...] = ()) -> Rendered:
        """What the column says of a record.

        Args:
            names: to be masked in its texts, beside those that the record itself tells.

        Raises:
            Unavailable: it is a contact to be shown in full that the keys do not open.
        """
        value = getattr(record, self.spec.field)
        if isinstance(value, str) and is_sealed(value):
            if self.mask is None:
                raise Unavailable("personal.contact_sealed")
            return HIDDEN
        if self.hides:
            value = hidden_inside(record, self.spec.field, names)
        cell = self.spec.render(value)
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
    return tuple(_column(table, spec, disclosure) for spec in specs)


def _column(table: TableSpec, spec: ColumnSpec, disclosure: Disclosure) -> ExportColumn:
    treatment = TREATMENTS[table.record][spec.field]
    if disclosure is Disclosure.FULL or treatment is Treatment.OPEN:
        return ExportColumn(spec, None)
    if treatment in _MASKS:
        is_visible = treatment in _WITH_NAMES and disclosure is Disclosure.NAMES
        return ExportColumn(spec, None if is_visible else _MASKS[treatment])
    return ExportColumn(spec, None, hides=True)


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
