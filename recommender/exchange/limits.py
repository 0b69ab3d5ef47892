"""How large a file, a sheet and a cell may be; the only place where these numbers stand."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of one import.

    Attributes:
        max_file_bytes: size of the file itself.
        max_unpacked_bytes: what the members of an xlsx archive may unpack to, together.
        max_unpack_ratio: unpacked over packed size of one archive member; honest workbooks stay below 50.
        min_suspect_bytes: members that unpack to less are not suspected of being a bomb.
        max_small_part_bytes, max_small_elements: of a part that describes the workbook (list of sheets, styles).
        max_tag_bytes: one XML tag or comment.
        max_depth: elements inside elements; worksheets have about ten.
        max_members: files in an xlsx archive.
        max_merges: merged ranges in one worksheet.
        max_rows: rows with content in one file; a worksheet holds 1,048,576.
        max_sheets: worksheets of one workbook among which the one to read is looked for.
        max_columns: columns with content; the widest kind of file has about forty.
        max_cell_characters: one cell of a workbook; Excel itself takes 32,767.
        max_record_characters: one row of a text file.
        max_long_characters: description, abstract and the like; 100,000 characters are already too many.
        max_short_characters: names, units and other single-line text, which databases index.
        max_id_characters: external codes.
        n_header_rows: the header is looked for in so many rows from the top.
        max_listed_issues: errors, and likewise warnings, that are kept for display; all are counted.
        batch_rows: rows that are looked up or written at once.
    """

    max_file_bytes: int = 500_000_000
    max_unpacked_bytes: int = 1_000_000_000
    max_unpack_ratio: int = 200
    min_suspect_bytes: int = 10_000_000
    max_small_part_bytes: int = 20_000_000
    max_small_elements: int = 500_000
    max_tag_bytes: int = 1_000_000
    max_depth: int = 200
    max_members: int = 10_000
    max_merges: int = 50_000
    max_rows: int = 1_048_576
    max_sheets: int = 200
    max_columns: int = 256
    max_cell_characters: int = 2_000_000
    max_record_characters: int = 4_000_000
    max_long_characters: int = 99_999
    max_short_characters: int = 500
    max_id_characters: int = 100
    n_header_rows: int = 10
    max_listed_issues: int = 5_000
    batch_rows: int = 2_000


LIMITS: Final = Limits()
