"""Numbers of many rows come back as they were, none as NaN, beside lists in the same order, on both databases."""

import json
import math

import numpy as np
from sqlalchemy import BigInteger, Connection, Float, Text, cast, literal, null, select, union_all

from recommender.store import Database
from recommender.store.columns import listed
from recommender.store.packing import packed, unpacked

ROWS: tuple[tuple[str, int | None, float | None], ...] = (
    ("a", 1_790_000_000, 0.1),
    ("b", None, 1e-300),
    ("c", -(2**53), None),
    ("d", 2**53, -123_456_789.123),
)


def test_numbers_come_back_exactly_and_in_the_order_of_lists(database: Database) -> None:
    rows = union_all(
        *(
            select(
                literal(name, Text()).label("name"),
                cast(null() if whole is None else whole, BigInteger).label("whole"),
                cast(null() if part is None else part, Float(53)).label("part"),
            )
            for name, whole, part in ROWS
        )
    ).subquery("rows")
    with database.read() as unit:
        connection: Connection = unit.figures._connection
        dialect = connection.dialect
        asked = (listed(rows.c.name, dialect), packed(rows.c.whole, dialect), packed(rows.c.part, dialect))
        names, whole, part = connection.execute(select(*asked)).one()
    found = dict(zip(json.loads(names), zip(unpacked([whole]), unpacked([part]), strict=True), strict=True))
    wanted = {name: tuple(math.nan if one is None else float(one) for one in rest) for name, *rest in ROWS}
    assert found.keys() == wanted.keys()
    for name, numbers in wanted.items():
        np.testing.assert_array_equal(found[name], numbers)


def test_groups_follow_each_other() -> None:
    np.testing.assert_array_equal(unpacked(["[1, null]", "[2.5]"]), [1.0, math.nan, 2.5])
    np.testing.assert_array_equal(unpacked([np.array([3.0, 4.0], dtype=">f8").tobytes(), b""]), [3.0, 4.0])
    assert unpacked([]).shape == (0,)
