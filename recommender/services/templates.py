"""Workbooks to fill in, for every kind of file; no database is needed for them."""

from pathlib import Path

from recommender.domain.errors import InvalidInput
from recommender.exchange.columns import TableKind
from recommender.exchange.tables import table_of
from recommender.exchange.template import template_name, write_template


class TemplateService:
    """Writes templates."""

    def write(self, kind: TableKind | str, path: Path | None = None, *, replace: bool = False) -> Path:
        """Write the template of a kind and say where; without a path, under its own name in the current folder.

        Raises:
            InvalidInput: there is no such kind, the name is not one of a workbook, or it cannot be written there.
            Conflict: there is a file of that name.
        """
        table = table_of(kind)
        out = path or Path(template_name(table))
        if out.suffix.lower() != ".xlsx":
            raise InvalidInput("template.not_a_workbook", name=out.name)
        write_template(table, out, replace=replace)
        return out
