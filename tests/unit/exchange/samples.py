"""Small files, and a library in memory, for the tests of this folder."""

import csv
import io
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

from openpyxl import Workbook

from recommender.domain.entities import Record, fingerprint
from recommender.exchange.columns import TableKind
from recommender.exchange.credit_codes import check_digit
from recommender.exchange.plan import ImportPlan, draft_plan
from recommender.exchange.reader import ParsedFile, read_file
from recommender.exchange.tables import table_of

EXPERT_HEADER = ("专家编号", "姓名", "单位", "研究方向")
EXPERTS = (EXPERT_HEADER, ("ZJ1", "甲某", "示例大学", "铸造；焊接"), ("ZJ2", "乙某", "示例学院", "电池"))

CODE_BODY = "91320582000000000"
CODE = CODE_BODY + check_digit(CODE_BODY)


def csv_text(rows: Sequence[Sequence[object]], *, delimiter: str = ",") -> str:
    """Rows as the text of a CSV file."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter).writerows(rows)
    return buffer.getvalue()


def csv_file(
    folder: Path, rows: Sequence[Sequence[object]], *, name: str = "file.csv", encoding: str = "utf-8-sig"
) -> Path:
    """Rows in a CSV file."""
    path = folder / name
    path.write_bytes(csv_text(rows).encode(encoding))
    return path


def xlsx_file(folder: Path, sheets: Mapping[str, Sequence[Sequence[object]]], *, name: str = "file.xlsx") -> Path:
    """Rows in the sheets of a workbook."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    path = folder / name
    book.save(path)
    return path


def parse(path: Path, kind: str = "experts", *, sheet: str | None = None) -> ParsedFile:
    """Read a file."""
    return read_file(path, table_of(kind), sheet=sheet)


class Library:
    """Stored records in memory, behind the questions that a plan asks."""

    def __init__(self, records: Sequence[Record] = (), known: Mapping[TableKind, AbstractSet[str]] | None = None):
        self._records = {record.id: record for record in records}
        self._known = dict(known or {})

    def fingerprints(self, ids: Sequence[str]) -> Mapping[str, str]:
        return {id_: fingerprint(self._records[id_]) for id_ in ids if id_ in self._records}

    def fingerprint_of(self, record: Record) -> str:
        return fingerprint(record)

    def records(self, ids: Sequence[str]) -> Mapping[str, Record]:
        return {id_: self._records[id_] for id_ in ids if id_ in self._records}

    def known(self, kind: TableKind, ids: Sequence[str]) -> AbstractSet[str]:
        return self._known.get(kind, frozenset()) & set(ids)


def plan(path: Path, kind: str = "experts", library: Library | None = None) -> ImportPlan:
    """Read a file and compare it with a library, by default an empty one."""
    return draft_plan(parse(path, kind), library or Library())
