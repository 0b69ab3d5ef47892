"""Who a request comes from, once that is known."""

from dataclasses import dataclass
from dataclasses import replace as replaced

from recommender.domain.accounts import Account, Actor, Role
from recommender.domain.kinds import EntityKind
from recommender.domain.sessions import Session
from recommender.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """An account as a request uses it.

    Attributes:
        actor: who acts.
        session: ``None`` for tokens.
        csrf_token: what a page must send along; ``""`` for tokens.
        wants_touch: whether this use should be remembered; see ``touch`` of the service that gave this.
        wants_rotation: whether the cookie is due to be replaced.
    """

    account: Account
    actor: Actor
    session: Session | None = None
    csrf_token: str = ""
    wants_touch: bool = False
    wants_rotation: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    """A session just begun, or given another secret.

    Attributes:
        secret: what the cookie is to hold; kept nowhere.
    """

    secret: str
    signed_in: SignedIn


def present(account: Account, unit: UnitOfWork) -> Account:
    """The account, acting for the enterprise that took its own over where records were merged."""
    if account.role is not Role.ENTERPRISE:
        return account
    merged = unit.identity.resolve(EntityKind.ENTERPRISE, [account.enterprise_code])
    code = merged.get(account.enterprise_code)
    return account if code is None else replaced(account, enterprise_code=code)
