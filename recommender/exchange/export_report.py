"""What an export wrote: what the command line prints and what programs read."""

from dataclasses import asdict, dataclass

from recommender.domain.disclosure import Disclosure
from recommender.exchange import messages


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportReport:
    """An export in figures. Every field goes into JSON as it is.

    Attributes:
        kind, label: what was exported.
        file, format: name and format of the file.
        columns: headers in the order of the file.
        masked_columns: those of them whose content is masked.
        filters: conditions in force, as they are written.
        disclosure: how much was shown.
        n_rows: rows below the header.
        n_withheld: records that fulfil the conditions but were left out, since they may not be shown.
    """

    kind: str
    label: str
    file: str
    format: str
    columns: tuple[str, ...]
    masked_columns: tuple[str, ...]
    filters: tuple[str, ...]
    disclosure: Disclosure
    n_rows: int
    n_withheld: int

    @property
    def summary(self) -> str:
        """zh-CN sentences: what was written, and what was not."""
        text = messages.EXPORTED.format(
            label=self.label, rows=self.n_rows, columns=len(self.columns), file=self.file
        )
        if self.n_withheld:
            text += messages.EXPORT_WITHHELD.format(withheld=self.n_withheld)
        if self.masked_columns:
            text += messages.EXPORT_MASKED.format(columns="、".join(self.masked_columns))
        if self.n_withheld or self.masked_columns:
            text += messages.EXPORT_REVEAL
        return text

    def to_dict(self) -> dict[str, object]:
        """All fields and the summary, ready for :func:`json.dumps`."""
        return {**asdict(self), "summary": self.summary}
