"""What is done once it is known who asks: they are noted for the log, and their request is counted."""

from typing import Final

from fastapi import Request

from api.traffic.admission import Traffic
from recommender.domain.accounts import Actor
from recommender.domain.errors import TooMany

ACTOR_STATE: Final = "actor_id"


def arrived(request: Request, actor: Actor) -> None:
    """Note who asks, once; to be called by whatever finds that out, before anything is done for them.

    Raises:
        TooMany: they asked too often.
    """
    if hasattr(request.state, ACTOR_STATE):
        return
    setattr(request.state, ACTOR_STATE, actor.id)
    traffic: Traffic = request.app.state.traffic
    retry_after_s = traffic.actors.take(actor.id)
    if retry_after_s:
        raise TooMany("request.too_many", retry_after_s=retry_after_s)
