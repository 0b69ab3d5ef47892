"""Views that people keep: their own, by name, a few of them."""

import pytest

from recommender.domain.accounts import Role
from recommender.domain.errors import Conflict, Forbidden, InvalidInput, NotFound
from recommender.domain.saved_views import MAX_NAME, MAX_QUERY, MAX_VIEWS
from recommender.services.saved_views import SavedViewService
from recommender.store import Database
from tests.review.city import PROGRAM
from tests.store.people import Accounts

PAGE = "review"


def test_views_are_kept_replaced_and_dropped_by_who_made_them(database: Database) -> None:
    people = Accounts(database)
    mine = people.make("shen").actor(session="s")
    theirs = people.make("hu").actor(session="s")
    views = SavedViewService(database)
    steel = views.save(mine, PAGE, "  冶金   高分 ", "view=high_score&chain=冶金")
    views.save(mine, PAGE, "南塘", "town=南塘")
    views.save(mine, "needs", "冶金 高分", "state=已发布")
    views.save(theirs, PAGE, "冶金 高分", "view=all")
    again = views.save(mine, PAGE, "冶金 高分", "view=high_score&chain=冶金新材料")
    assert (again.number, again.name) == (steel.number, "冶金 高分")
    assert [(view.name, view.query) for view in views.of(mine, PAGE)] == [
        ("冶金 高分", "view=high_score&chain=冶金新材料"),
        ("南塘", "town=南塘"),
    ]
    with pytest.raises(NotFound):
        views.drop(theirs, steel.number)
    dropped = views.drop(mine, steel.number)
    assert [view.name for view in views.of(mine, PAGE)] == ["南塘"]
    assert [view.name for view in views.of(theirs, PAGE)] == ["冶金 高分"]
    views.save(mine, dropped.page, dropped.name, dropped.query)
    assert [view.name for view in views.of(mine, PAGE)] == ["南塘", "冶金 高分"]


def test_a_view_has_a_name_and_there_are_not_too_many(database: Database) -> None:
    actor = Accounts(database).make("shen").actor(session="s")
    views = SavedViewService(database)
    for name in ("", "   ", "长" * (MAX_NAME + 1)):
        with pytest.raises(InvalidInput) as caught:
            views.save(actor, PAGE, name, "")
        assert caught.value.code == "saved_view.name"
    with pytest.raises(InvalidInput) as caught:
        views.save(actor, PAGE, "长", "x" * (MAX_QUERY + 1))
    assert caught.value.code == "saved_view.query"
    for n in range(MAX_VIEWS):
        views.save(actor, PAGE, f"视图{n}", "")
    with pytest.raises(Conflict) as conflict:
        views.save(actor, PAGE, "还有一个", "")
    assert conflict.value.code == "saved_view.too_many"
    assert views.save(actor, PAGE, "视图3", "kind=expert").query == "kind=expert"
    assert len(views.of(actor, PAGE)) == MAX_VIEWS


def test_programs_keep_no_views(database: Database) -> None:
    views = SavedViewService(database)
    with pytest.raises(Forbidden):
        views.of(PROGRAM, PAGE)
    with pytest.raises(Forbidden):
        views.save(PROGRAM, PAGE, "名", "")
    assert Role.SERVICE is PROGRAM.role
