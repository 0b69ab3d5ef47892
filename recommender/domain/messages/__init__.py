"""zh-CN sentences for the error codes of the product; each says what happened and what to do next."""

from typing import Final

from recommender.domain.messages import (
    accounts,
    audit,
    backups,
    feedback,
    imports,
    intake,
    library,
    objections,
    personal,
    requests,
    review,
    saved_views,
    wishes,
)

_CATALOGUES: Final = (
    accounts,
    audit,
    backups,
    feedback,
    imports,
    intake,
    library,
    objections,
    personal,
    requests,
    review,
    saved_views,
    wishes,
)

ERRORS: Final[dict[str, str]] = {
    code: sentence for catalogue in _CATALOGUES for code, sentence in catalogue.ERRORS.items()
}
