"""The composition root: from settings to services, each part built when first needed."""

from recommender.bootstrap.accounts import Accounts
from recommender.bootstrap.clock import now, today
from recommender.bootstrap.review import Review
from recommender.bootstrap.system import System

__all__ = ["Application", "now", "today"]


class Application(Accounts, Review, System):
    """Everything the command line and the API call, built from one settings object.

    Parts are built on first use: importing a file needs neither model nor index.
    """
