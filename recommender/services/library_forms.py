"""Correcting a record by form: what stands in the fields, what was meant by it, what came in between."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from recommender.domain.accounts import Actor, Permission
from recommender.domain.entities import Entity
from recommender.domain.errors import InvalidInput, MatchmakerError, Outdated
from recommender.domain.kinds import EntityKind
from recommender.domain.versions import Versioned
from recommender.exchange.columns import ColumnSpec
from recommender.exchange.forms import CellKind
from recommender.exchange.renderers import plain_text
from recommender.exchange.tables import table_of
from recommender.services.field_texts import parsed
from recommender.services.library import found, shown
from recommender.services.library_edits import EDITABLE, LibraryEdits
from recommender.services.library_history import TABLES
from recommender.services.record_sheets import GROUPS
from recommender.store.database import Database

_LONG: Final = 50
_MAX_CHARS: Final = 20_000


class Control(StrEnum):
    """How a field is filled in."""

    LINE = "line"
    PROSE = "prose"
    DAY = "day"
    NUMBER = "number"
    CHOICE = "choice"
    SEVERAL = "several"
    """Words of a closed list, any number of them."""


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a form.

    Attributes:
        text: what stands in it; what the actor does not see is masked.
        was: what stood in it when the form was opened.
        theirs: what it is now, where somebody else has changed it since; ``None`` where nobody has.
        fault: zh-CN sentence on what has to be looked at, ``""`` for nothing.
        choices: words to choose from, or to be proposed where others may be written too.
        is_list: whether it may hold several values.
    """

    field: str
    header: str
    control: Control
    note: str
    unit: str
    choices: tuple[str, ...]
    is_required: bool
    is_list: bool
    text: str
    was: str
    theirs: str | None = None
    fault: str = ""

    @property
    def is_changed(self) -> bool:
        """Whether something else was typed than stood there."""
        return _plain(self.text) != _plain(self.was)

    @property
    def is_contested(self) -> bool:
        """Whether both sides changed it, and not to the same."""
        return self.theirs is not None and self.is_changed and _plain(self.theirs) != _plain(self.text)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The words of a list."""
        return tuple(part.strip() for part in self.text.split("；") if part.strip())


@dataclass(frozen=True, slots=True)
class RecordForm:
    """A form for one record.

    Attributes:
        record: as the actor sees it.
        version: that the form is about.
        groups: fields by heading.
    """

    record: Entity
    version: int
    groups: tuple[tuple[str, tuple[FormField, ...]], ...]

    @property
    def fields(self) -> tuple[FormField, ...]:
        """All fields."""
        return tuple(field for _, fields in self.groups for field in fields)

    @property
    def n_faults(self) -> int:
        """Fields that have to be looked at."""
        return sum(bool(field.fault) for field in self.fields)

    @property
    def n_contested(self) -> int:
        """Fields that both sides changed."""
        return sum(field.is_contested for field in self.fields)


class FormRefused(Exception):
    """A form was not taken: why, and the form once more with everything that was typed."""

    def __init__(self, error: MatchmakerError, form: RecordForm) -> None:
        super().__init__(str(error))
        self.error = error
        self.form = form


class LibraryForms:
    """Use-cases of correcting records by form."""

    def __init__(self, database: Database, edits: LibraryEdits, now: Callable[[], datetime]) -> None:
        self._database = database
        self._edits = edits
        self._now = now

    def open(self, actor: Actor, kind: EntityKind, id: str) -> RecordForm:
        """The form of a record as it is now.

        Raises:
            Forbidden: the actor does not edit the library.
            NotFound: there is no such record for this actor.
        """
        actor.require(Permission.LIBRARY_WRITE)
        with self._database.read() as unit:
            seen = shown(actor, unit, found(actor, unit, kind, id), self._now())
        texts = {column.field: _text(column, seen.record) for column in _columns(kind)}
        return _form(seen, texts)

    def save(
        self,
        actor: Actor,
        kind: EntityKind,
        id: str,
        *,
        typed: Mapping[str, str],
        was: Mapping[str, str],
        version: int,
    ) -> Versioned[Entity]:
        """Change what was typed otherwise than it stood in the form.

        Args:
            typed, was: by field.
            version: of the form.

        Raises:
            Forbidden: the actor does not edit the library.
            NotFound: there is no such record for this actor.
            FormRefused: a value does not fit, or somebody else has changed the record since. In the form that
                comes with it stands what was typed; what others changed meanwhile and the actor did not touch is
                brought up to date, and its version is the present one.
        """
        present = self.open(actor, kind, id)
        changes, faults = _changes(kind, typed, was)
        try:
            if faults:
                raise InvalidInput("library.form_faults", n=len(faults))
            if version != present.version:
                raise Outdated("version.outdated", version=present.version)
            return self._edits.edit(actor, kind, id, changes, version=version)
        except Outdated as error:
            now = self.open(actor, kind, id)
            raise FormRefused(error, _again(now, typed, was, {})) from None
        except MatchmakerError as error:
            form = replace(_again(present, typed, was, faults), version=version)
            raise FormRefused(error, form) from None


def _columns(kind: EntityKind) -> list[ColumnSpec]:
    return [column for column in table_of(TABLES[kind]).columns if column.field in EDITABLE[kind]]


def _text(column: ColumnSpec, record: Entity) -> str:
    """A field as it stands in a form; a list has ``；`` between its parts."""
    return plain_text(column.render(getattr(record, column.field)))


def _plain(text: str) -> str:
    """A text without what browsers change on the way."""
    return text.replace("\r\n", "\n").strip()


def _changes(
    kind: EntityKind, typed: Mapping[str, str], was: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Values by field of what was changed, and what is wrong with those that do not fit."""
    changes: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for column in _columns(kind):
        name = column.field
        if name not in typed or _plain(typed[name]) == _plain(was.get(name, "")):
            continue
        try:
            if len(typed[name]) > _MAX_CHARS:
                raise InvalidInput("library.field_too_long", field=column.header, maximum=f"{_MAX_CHARS:,}")
            changes[name] = parsed(TABLES[kind], column, _plain(typed[name]))
        except InvalidInput as error:
            faults[name] = str(error)
    return changes, faults


def _form(seen: Versioned[Entity], texts: Mapping[str, str]) -> RecordForm:
    columns = _columns(seen.record.kind)
    groups = []
    for label in GROUPS:
        fields = tuple(_field(column, texts.get(column.field, "")) for column in columns if column.group == label)
        if fields:
            groups.append((label, fields))
    return RecordForm(seen.record, seen.version, tuple(groups))


def _again(
    present: RecordForm, typed: Mapping[str, str], was: Mapping[str, str], faults: Mapping[str, str]
) -> RecordForm:
    """The form with what was typed, beside what the record holds now."""

    def merged(field: FormField) -> FormField:
        now = field.text
        before = was.get(field.field, now)
        mine = typed.get(field.field, now)
        is_theirs = _plain(before) != _plain(now)
        if is_theirs and _plain(mine) == _plain(before):
            # Nobody typed here: what somebody else wrote stands.
            mine = now
        fault = faults.get(field.field, "")
        return replace(field, text=mine, was=now, theirs=now if is_theirs else None, fault=fault)

    groups = tuple((label, tuple(map(merged, fields))) for label, fields in present.groups)
    return replace(present, groups=groups)


def _field(column: ColumnSpec, text: str) -> FormField:
    return FormField(
        field=column.field,
        header=column.header,
        control=_control(column),
        note=column.note,
        unit=column.unit,
        choices=column.choices,
        is_required=column.required,
        is_list=column.form.is_list,
        text=text,
        was=text,
    )


def _control(column: ColumnSpec) -> Control:
    form = column.form
    if column.choices and form.is_closed:
        return Control.SEVERAL if form.is_list else Control.CHOICE
    if form.kind is CellKind.DAY:
        return Control.DAY
    if form.kind is CellKind.NUMBER:
        return Control.NUMBER
    return Control.PROSE if form.width >= _LONG else Control.LINE
