"""What every repository of a unit shares: whether the unit may write."""


class UnitPart:
    """A repository of one unit; ``_writable`` says whether the unit was opened for writing."""

    _writable: bool

    def _require_write(self) -> None:
        if not self._writable:
            raise RuntimeError("this unit only reads; open one with Database.write()")
