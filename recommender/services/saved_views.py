"""Views that people keep for themselves: their own, on any page that has filters."""

from dataclasses import replace

from recommender.domain.accounts import Actor, Permission
from recommender.domain.errors import Conflict, InvalidInput, NotFound
from recommender.domain.saved_views import MAX_NAME, MAX_QUERY, MAX_VIEWS, SavedView
from recommender.services.transactions import Transactions
from recommender.store.database import Database
from recommender.store.unit_of_work import UnitOfWork


class SavedViewService:
    """Use-cases of one's own views. They say nothing of what somebody may see: the page decides that anew."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._transactions = Transactions(database)

    def of(self, actor: Actor, page: str) -> list[SavedView]:
        """The actor's views of a page, oldest first.

        Raises:
            Forbidden: the actor has no account of their own.
        """
        actor.require(Permission.ACCOUNT_OWN)
        with self._database.read() as unit:
            return unit.saved_views.of(actor.id, page)

    def save(self, actor: Actor, page: str, name: str, query: str) -> SavedView:
        """Keep a set of filters under a name; one that is there already under that name is replaced.

        Raises:
            Forbidden: the actor has no account of their own.
            InvalidInput: the name is empty or too long, or the filters are.
            Conflict: there are as many as an account may have.
        """
        actor.require(Permission.ACCOUNT_OWN)
        name = " ".join(name.split())
        if not 1 <= len(name) <= MAX_NAME:
            raise InvalidInput("saved_view.name", maximum=MAX_NAME)
        if len(query) > MAX_QUERY:
            raise InvalidInput("saved_view.query", maximum=MAX_QUERY)
        view = SavedView(account_id=actor.id, page=page, name=name, query=query)

        def work(unit: UnitOfWork) -> SavedView:
            present = unit.saved_views.of(actor.id, page)
            if len(present) >= MAX_VIEWS and all(other.name != name for other in present):
                raise Conflict("saved_view.too_many", maximum=MAX_VIEWS)
            return unit.saved_views.put(view)

        return self._transactions.run(work)

    def drop(self, actor: Actor, number: int) -> SavedView:
        """Forget one of the actor's views; what it was, so that it can be kept again.

        Raises:
            Forbidden: the actor has no account of their own.
            NotFound: the actor has no such view.
        """
        actor.require(Permission.ACCOUNT_OWN)
        dropped = self._transactions.run(lambda unit: unit.saved_views.drop(actor.id, number))
        if dropped is None:
            raise NotFound("saved_view.not_found")
        return replace(dropped, number=0)
