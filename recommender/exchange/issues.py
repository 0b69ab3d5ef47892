"""What is wrong, or worth knowing, about single rows of a file."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final

from recommender.exchange.limits import LIMITS
from recommender.exchange.messages import ROW_MESSAGES


class BadValue(Exception):
    """A cell that its column cannot take; ``code`` is a key of :data:`ROW_MESSAGES`."""

    def __init__(self, code: str, **context: object) -> None:
        self.code = code
        self.context = context
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Flagged:
    """A value that is taken, with a warning; ``code`` is a key of :data:`ROW_MESSAGES`."""

    value: object
    code: str
    context: dict[str, object] = field(default_factory=dict)


_SHOWN: Final = ("value", "ids", "id")
"""Facts of a message that stand in the cell; what a message does not repeat is not kept either."""


@dataclass(frozen=True, slots=True)
class RowError:
    """One error or warning, in zh-CN.

    Attributes:
        row: row number as a spreadsheet shows it, from 1.
        column: header of the column, ``""`` where the whole row is meant.
        code: stable dotted name.
        message: what is the matter.
        suggestion: what to do about it.
        value: what stands in the cell, cut; ``""`` where that is personal data or the whole row is meant.
    """

    row: int
    column: str
    code: str
    message: str
    suggestion: str
    value: str = field(default="", compare=False)

    @classmethod
    def of(cls, row: int, column: str, code: str, context: dict[str, object], shown: str = "") -> "RowError":
        """Fill the sentences of ``code``; ``shown`` is what stands in the cell, where it may be shown."""
        message, suggestion = ROW_MESSAGES[code]
        facts = {"column": column, **context}
        value = shown or next((str(facts[name]) for name in _SHOWN if f"{{{name}}}" in message), "")
        return cls(row, column, code, message.format(**facts), suggestion.format(**facts), value)


class IssueLog:
    """Collects errors and warnings; counts all, keeps the first so many of each.

    Args:
        max_listed: how many; more than are listed where every row is to be told what is wrong with it.
    """

    def __init__(self, max_listed: int = LIMITS.max_listed_issues) -> None:
        self._max_listed = max_listed
        self._errors: list[RowError] = []
        self._warnings: list[RowError] = []
        self._error_rows: set[int] = set()
        self.n_errors = 0
        self.n_warnings = 0

    def error(self, row: int, column: str, code: str, shown: str = "", /, **context: object) -> None:
        """Note an error: the row will not be taken. ``shown`` is the content of the cell, if it may be told."""
        self.n_errors += 1
        self._error_rows.add(row)
        if len(self._errors) < self._max_listed:
            self._errors.append(RowError.of(row, column, code, context, shown))

    def warn(self, row: int, column: str, code: str, **context: object) -> None:
        """Note a warning: the row is taken."""
        self.n_warnings += 1
        if len(self._warnings) < self._max_listed:
            self._warnings.append(RowError.of(row, column, code, context))

    def is_faulty(self, row: int) -> bool:
        """Whether a row has an error, kept or not."""
        return row in self._error_rows

    @property
    def n_error_rows(self) -> int:
        """Rows with at least one error."""
        return len(self._error_rows)

    @property
    def errors(self) -> tuple[RowError, ...]:
        """The errors to list, by row."""
        return _listed(self._errors)

    @property
    def warnings(self) -> tuple[RowError, ...]:
        """The warnings to list, by row."""
        return _listed(self._warnings)

    @property
    def kept_errors(self) -> tuple[RowError, ...]:
        """All errors that are kept, by row."""
        return tuple(sorted(self._errors, key=lambda issue: issue.row))

    @property
    def kept_warnings(self) -> tuple[RowError, ...]:
        """All warnings that are kept, by row."""
        return tuple(sorted(self._warnings, key=lambda issue: issue.row))

    def errors_by_row(self) -> dict[int, list[RowError]]:
        """All errors that are kept, by the row they are in."""
        return _by_row(self._errors)

    def warnings_by_row(self) -> dict[int, list[RowError]]:
        """All warnings that are kept, by the row they are in."""
        return _by_row(self._warnings)


def _listed(issues: list[RowError]) -> tuple[RowError, ...]:
    return tuple(sorted(issues, key=lambda issue: issue.row)[: LIMITS.max_listed_issues])


def _by_row(issues: list[RowError]) -> dict[int, list[RowError]]:
    found: defaultdict[int, list[RowError]] = defaultdict(list)
    for issue in issues:
        found[issue.row].append(issue)
    return dict(found)
