"""What every command shares: the application, and who is acting."""

import getpass

import typer

from recommender.bootstrap import Application
from recommender.domain.accounts import Actor


def application(ctx: typer.Context) -> Application:
    """The application this command works on."""
    found = ctx.find_object(Application)
    assert found is not None, "the entry point puts the application into the context"
    return found


def acting() -> Actor:
    """Who runs the command, for services that ask what somebody may do: at the server, everything."""
    return Actor.trusted(actor())


def actor() -> str:
    """Who runs the command, for the audit trail: the account on this machine."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):
        return "cli"


def operator() -> Actor:
    """Who runs the command, as services want to know it: whoever sits at the server may do everything."""
    return Actor.trusted(actor())
