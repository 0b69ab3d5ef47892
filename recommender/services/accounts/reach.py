"""What an account may be made to deal with: towns and chains that are known, and enterprises by name or code."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from recommender.domain.accounts import AccountDraft, Reach, Role
from recommender.domain.errors import InvalidInput
from recommender.exchange import codes
from recommender.store.unit_of_work import UnitOfWork

_N_PROPOSED: Final = 5
_N_ENTERPRISES: Final = 8
_ALIKE: Final = 0.3
"""How alike a name must be to be proposed first, between 0 and 1."""

_NOTHING: Final = Reach()


@dataclass(frozen=True, slots=True)
class ReachChoices:
    """Towns of the city, and those and the chains that the library names, in order."""

    towns: tuple[str, ...]
    chains: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EnterpriseChoice:
    """An enterprise that an account may act for."""

    code: str
    name: str
    town: str


def reach_choices(unit: UnitOfWork) -> ReachChoices:
    """What a reach can be made of."""
    listed = codes.towns().names
    towns = (*listed, *(town for town in unit.places.towns() if town not in listed))
    return ReachChoices(towns, unit.places.chains())


def known_reach(unit: UnitOfWork, reach: Reach, *, before: Reach = _NOTHING) -> Reach:
    """The reach as the library writes its names, so that nobody is made to look after a town that is not there.

    A name stays as it is while nothing of its sort is known yet, and where the account had it before.

    Raises:
        InvalidInput: a town or a chain is not known; names those that it may have meant.
    """
    towns, chains = unit.places.towns(), unit.places.chains()
    return Reach(
        whole_city=reach.whole_city,
        towns=frozenset(_town(name, towns, before) for name in sorted(reach.towns)),
        chains=frozenset(_chain(name, chains, before) for name in sorted(reach.chains)),
    )


def enterprise_choices(unit: UnitOfWork, text: str) -> tuple[EnterpriseChoice, ...]:
    """Enterprises with a code, or a part of a name, the likeliest first."""
    found = unit.places.enterprises_named(text.strip(), limit=_N_ENTERPRISES)
    return tuple(EnterpriseChoice(*row) for row in found)


def enterprise_code(unit: UnitOfWork, draft: AccountDraft) -> str:
    """Code of the enterprise that a new account acts for, given by code or name; ``""`` for other roles.

    Raises:
        InvalidInput: none is given or known, or several fit; names them.
    """
    if draft.role is not Role.ENTERPRISE:
        return ""
    text = draft.enterprise_code.strip()
    if not text:
        raise InvalidInput("account.enterprise_missing")
    found = enterprise_choices(unit, text)
    exact = [each for each in found if text in (each.code, each.name)] or list(found)
    if not exact:
        raise InvalidInput("account.enterprise_unknown", enterprise=text)
    if len(exact) > 1:
        named = "、".join(f"{each.name}（{each.code}）" for each in exact)
        raise InvalidInput("account.enterprise_ambiguous", enterprise=text, found=named)
    return exact[0].code


def _town(name: str, known: Sequence[str], before: Reach) -> str:
    if name in known or name in before.towns:
        return name
    listed = codes.towns().find(name)
    if listed is not None:
        return listed
    if not known:
        return name
    every = (*codes.towns().names, *known)
    raise InvalidInput("account.town_unknown", name=name, known=_proposed(name, every))


def _chain(name: str, known: Sequence[str], before: Reach) -> str:
    if name in known or name in before.chains or not known:
        return name
    raise InvalidInput("account.chain_unknown", name=name, known=_proposed(name, known))


def _proposed(name: str, known: Sequence[str]) -> str:
    """The names that are most like it; the first ones, where none is."""
    alike = difflib.get_close_matches(name, known, n=_N_PROPOSED, cutoff=_ALIKE)
    return "、".join(alike or known[:_N_PROPOSED])
