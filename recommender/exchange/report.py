"""An import in figures: what the command line prints and what programs read."""

from dataclasses import asdict, dataclass
from enum import StrEnum

from recommender.exchange import messages
from recommender.exchange.issues import RowError
from recommender.exchange.plan import ImportPlan
from recommender.exchange.sources import ColumnMatch


class ImportOutcome(StrEnum):
    """What became of the file."""

    CHECKED = "checked"
    APPLIED = "applied"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """A plan without its records, and what was done with it. Every field goes into JSON as it is.

    Attributes are those of :class:`~recommender.exchange.plan.ImportPlan`, lists of records as counts, and:
        file, sha256, n_bytes, format, encoding, sheet, delimiter: the source, flat.
        n_written: records inserted or replaced.
        batch: id under which the changes can be taken back, ``""`` where nothing was written.
        n_skipped: records that a mode leaves as they are.
        n_suspects: new records that may repeat others; looked for when a file is checked.
    """

    outcome: ImportOutcome
    kind: str
    label: str
    file: str
    sha256: str
    n_bytes: int
    format: str
    encoding: str
    sheet: str
    delimiter: str
    header_row: int
    columns: tuple[str, ...]
    mapping: tuple[ColumnMatch, ...]
    absent_columns: tuple[str, ...]
    ignored_columns: tuple[str, ...]
    unknown_columns: tuple[str, ...]
    n_rows: int
    n_new: int
    n_changed: int
    n_unchanged: int
    n_duplicates: int
    n_errors: int
    n_warnings: int
    n_error_rows: int
    n_written: int
    batch: str
    n_suspects: int
    errors: tuple[RowError, ...]
    warnings: tuple[RowError, ...]
    notes: tuple[str, ...]
    n_skipped: int = 0

    @classmethod
    def of(
        cls,
        plan: ImportPlan,
        outcome: ImportOutcome = ImportOutcome.CHECKED,
        *,
        n_written: int = 0,
        batch: str = "",
        n_suspects: int = 0,
    ) -> "ImportReport":
        """Count a plan."""
        source = plan.source
        return cls(
            outcome=outcome,
            kind=plan.kind.value,
            label=plan.label,
            file=source.file.name,
            sha256=source.file.sha256,
            n_bytes=source.file.n_bytes,
            format=source.file.format.value,
            encoding=source.file.encoding,
            sheet=source.sheet,
            delimiter=source.delimiter,
            header_row=plan.header_row,
            columns=plan.columns,
            mapping=plan.mapping,
            absent_columns=plan.absent_columns,
            ignored_columns=plan.ignored_columns,
            unknown_columns=plan.unknown_columns,
            n_rows=plan.n_rows,
            n_new=len(plan.new),
            n_changed=len(plan.changed),
            n_unchanged=len(plan.unchanged),
            n_duplicates=plan.n_duplicates,
            n_errors=plan.n_errors,
            n_warnings=plan.n_warnings,
            n_error_rows=plan.n_error_rows,
            n_written=n_written,
            batch=batch,
            n_suspects=n_suspects,
            errors=plan.errors,
            warnings=plan.warnings,
            notes=plan.notes,
            n_skipped=len(plan.skipped),
        )

    @property
    def applied(self) -> bool:
        """Whether the valid rows of the file now are what is stored."""
        return self.outcome is ImportOutcome.APPLIED

    @property
    def summary(self) -> str:
        """One zh-CN sentence: the counts, and what was or was not written."""
        text = messages.SUMMARY_COUNTS.format(
            label=self.label,
            rows=self.n_rows,
            new=self.n_new,
            changed=self.n_changed,
            unchanged=self.n_unchanged,
        )
        if self.n_skipped:
            text += messages.SUMMARY_SKIPPED.format(skipped=self.n_skipped)
        if self.n_duplicates:
            text += messages.SUMMARY_DUPLICATES.format(duplicates=self.n_duplicates)
        if self.n_suspects:
            text += messages.SUMMARY_SUSPECTS.format(suspects=self.n_suspects)
        if self.n_error_rows:
            text += messages.SUMMARY_ERRORS.format(error_rows=self.n_error_rows)
        return text + self._outcome_sentence()

    def _outcome_sentence(self) -> str:
        if self.outcome is ImportOutcome.CHECKED:
            return messages.SUMMARY_CHECKED
        if self.outcome is ImportOutcome.REFUSED:
            return messages.SUMMARY_REFUSED
        if self.n_written == 0:
            return messages.SUMMARY_NOTHING_VALID if self.n_errors else messages.SUMMARY_NOTHING_NEW
        template = messages.SUMMARY_APPLIED_PARTLY if self.n_errors else messages.SUMMARY_APPLIED
        return template.format(written=self.n_written)

    def to_dict(self) -> dict[str, object]:
        """All fields and the summary, ready for :func:`json.dumps`."""
        return {**asdict(self), "summary": self.summary}
