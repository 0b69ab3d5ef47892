"""Accounts by id and by login name; what proves who somebody is never leaves here but to be compared."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    false,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from recommender.domain.accounts import Account, AccountFilter, AccountState, Reach, Role
from recommender.domain.errors import Conflict
from recommender.domain.paging import Page, PageRequest, cursor_of
from recommender.store import tables
from recommender.store.conditions import among
from recommender.store.part import UnitPart
from recommender.store.values import check_row, chunks, is_storable

ACCOUNTS: Final[Table] = tables.Base.metadata.tables["account"]
COLUMNS: Final = tuple(column for column in ACCOUNTS.c if column.name != "password_hash")
_REACH: Final = ("whole_city", "towns", "chains")

_CHUNK: Final = 2000

SORTS: Final = ("login_name", "created_at")
"""Orders of :meth:`AccountRepository.page`, the usual one first."""


class AccountRepository(UnitPart):
    """Who may sign in. In a unit that writes, what :meth:`get` returns stays locked until it ends."""

    def __init__(self, connection: Connection, *, writable: bool) -> None:
        self._connection = connection
        self._writable = writable

    def add(self, account: Account, password_hash: str) -> None:
        """Keep a new account; ``password_hash`` is ``""`` where none will ever be right.

        Raises:
            Conflict: its login name is in use.
            InvalidData: a value cannot be stored.
        """
        self._require_write()
        if self.by_login_name(account.login_name) is not None:
            raise Conflict("account.login_name_taken", login_name=account.login_name)
        self._connection.execute(insert(ACCOUNTS), _row(account) | {"password_hash": password_hash})

    def get(self, id: str) -> Account | None:
        """The account with that id, or ``None``."""
        return self._one(ACCOUNTS.c.id == id, id)

    def by_login_name(self, login_name: str) -> Account | None:
        """The account with that normal login name, or ``None``."""
        return self._one(ACCOUNTS.c.login_name == login_name, login_name)

    def of_ids(self, ids: Sequence[str]) -> dict[str, Account]:
        """Accounts by id; those that nobody has are left out. Nothing is locked."""
        found: dict[str, Account] = {}
        for chunk in chunks(sorted({id for id in ids if is_storable(id)}), _CHUNK):
            of_chunk = among(ACCOUNTS.c.id, chunk, self._connection.dialect)
            for row in self._connection.execute(select(*COLUMNS).where(of_chunk)):
                found[row.id] = account_of(row)
        return found

    def password_hash(self, id: str) -> str:
        """Hash of an account's password; ``""`` where it has none."""
        statement = select(ACCOUNTS.c.password_hash).where(ACCOUNTS.c.id == id)
        return self._connection.execute(statement).scalar() or ""

    def put(self, account: Account) -> None:
        """Replace what is kept of an account, apart from its password."""
        self._require_write()
        self._connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == account.id), _row(account))

    def set_password_hash(self, id: str, password_hash: str) -> None:
        """Replace the hash of an account's password."""
        self._require_write()
        statement = update(ACCOUNTS).where(ACCOUNTS.c.id == id)
        self._connection.execute(statement, {"password_hash": password_hash})

    def record_login(self, id: str, at: datetime) -> None:
        """Remember when somebody last signed in; no new version, since nobody decided anything."""
        self._require_write()
        self._connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == id), {"last_login_at": at})

    def active(self, role: Role) -> frozenset[str]:
        """Ids of the active accounts of a role; in a unit that writes they stay so until it ends."""
        statement = select(ACCOUNTS.c.id).where(ACCOUNTS.c.role == role, ACCOUNTS.c.state == AccountState.ACTIVE)
        return frozenset(self._connection.execute(self._locking(statement.order_by(ACCOUNTS.c.id))).scalars())

    def get_many(self, ids: Sequence[str]) -> dict[str, Account]:
        """The accounts with these ids; absent ones are left out."""
        wanted = sorted({id for id in ids if is_storable(id)})
        statement = select(*COLUMNS).where(among(ACCOUNTS.c.id, wanted, self._connection.dialect))
        return {row.id: account_of(row) for row in self._connection.execute(statement)}

    def exist(self) -> bool:
        """Whether there is any account."""
        return self._connection.execute(select(ACCOUNTS.c.id).limit(1)).first() is not None

    def page(self, request: PageRequest, chosen: AccountFilter) -> Page[Account]:
        """A part of the list, by login name or by :data:`SORTS`.

        Raises:
            InvalidInput: the cursor or the order is not one of this list's.
        """
        name, descending = request.order(SORTS)
        statement = select(*COLUMNS).where(*_conditions(chosen, self._connection.dialect.name))
        statement = _after(statement, request, name, descending=descending)
        rows = self._connection.execute(statement.limit(request.limit + 1)).all()
        items = tuple(map(account_of, rows[: request.limit]))
        cursor = cursor_of(request, _key(items[-1], name)) if len(rows) > request.limit else ""
        return Page(items, cursor)

    def _one(self, condition: ColumnElement[bool], value: str) -> Account | None:
        if not is_storable(value):
            return None
        row = self._connection.execute(self._locking(select(*COLUMNS).where(condition))).one_or_none()
        return None if row is None else account_of(row)

    def _locking(self, statement: Select[Any]) -> Select[Any]:
        return statement.with_for_update(key_share=True) if self._writable else statement


def account_of(row: Row[*tuple[Any, ...]]) -> Account:
    """The account in a row of :data:`COLUMNS`, further columns aside."""
    values = row._mapping
    plain = {c.name: values[c.name] for c in COLUMNS if c.name not in _REACH}
    reach = Reach(
        whole_city=values["whole_city"], towns=frozenset(values["towns"]), chains=frozenset(values["chains"])
    )
    return Account(**plain, reach=reach)


def _row(account: Account) -> dict[str, Any]:
    row = asdict(account)
    reach = row.pop("reach")
    row["whole_city"] = reach["whole_city"]
    row |= {name: tuple(sorted(reach[name])) for name in ("towns", "chains")}
    check_row(row, kind="账号", id=account.login_name)
    return row


def _conditions(chosen: AccountFilter, dialect_name: str) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if chosen.role is not None:
        found.append(ACCOUNTS.c.role == chosen.role)
    if chosen.state is not None:
        found.append(ACCOUNTS.c.state == chosen.state)
    if chosen.text and not is_storable(chosen.text):
        found.append(false())
    elif chosen.text:
        find = func.instr if dialect_name == "sqlite" else func.strpos
        text = chosen.text.casefold()
        found.append(
            or_(find(ACCOUNTS.c.login_name, text) > 0, find(func.lower(ACCOUNTS.c.display_name), text) > 0)
        )
    return found


def _key(account: Account, name: str) -> tuple[str, ...]:
    return (account.created_at.isoformat(), account.id) if name == "created_at" else (account.login_name,)


def _after(statement: Select[Any], request: PageRequest, name: str, *, descending: bool) -> Select[Any]:
    columns = (ACCOUNTS.c.created_at, ACCOUNTS.c.id) if name == "created_at" else (ACCOUNTS.c.login_name,)
    key = request.after(*(str for _ in columns))
    if key is not None:
        values = _values(key, name)
        place = tuple_(*columns)
        after = tuple_(*values, types=[column.type for column in columns])
        statement = statement.where(place < after if descending else place > after)
    return statement.order_by(*(column.desc() if descending else column.asc() for column in columns))


def _values(key: tuple[Any, ...], name: str) -> tuple[Any, ...]:
    return key if name != "created_at" else (datetime.fromisoformat(key[0]), key[1])
