"""zh-CN sentences for the error codes of the product; each says what happened and what to do next."""

from typing import Final

from recommender.domain.messages import (
    accounts,
    backups,
    feedback,
    intake,
    library,
    personal,
    requests,
    review,
    saved_views,
)

_CATALOGUES: Final = (library, accounts, review, intake, personal, feedback, requests, backups, saved_views)

ERRORS: Final[dict[str, str]] = {
    code: sentence for catalogue in _CATALOGUES for code, sentence in catalogue.ERRORS.items()
}
