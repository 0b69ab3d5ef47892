"""What the API takes and gives, apart from the domain, so that neither binds the other.

Class docstrings are for readers of the code; what the OpenAPI document says stands in the model
configuration.
"""

from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from recommender.domain.kinds import EntityKind

MAX_FILTERS: Final = 20
MAX_FILTER_CHARS: Final = 100

SupplyKind = Literal[EntityKind.EXPERT, EntityKind.PLATFORM, EntityKind.ACHIEVEMENT]
DemandKind = Literal[EntityKind.ENTERPRISE, EntityKind.NEED]
SUPPLY_DEFAULT: Final[list[SupplyKind]] = [EntityKind.EXPERT, EntityKind.PLATFORM, EntityKind.ACHIEVEMENT]
DEMAND_DEFAULT: Final[list[DemandKind]] = [EntityKind.ENTERPRISE, EntityKind.NEED]


def _encodable(text: str) -> str:
    """Refuse half a surrogate pair, which JSON can write and UTF-8 cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise PydanticCustomError("string_unicode", "not encodable") from None
    return text


Text = Annotated[str, AfterValidator(_encodable)]
FilterText = Annotated[str, Field(max_length=MAX_FILTER_CHARS), AfterValidator(_encodable)]
"""``区域=苏州``; its meaning is checked by the domain."""

NO_FILTERS: Final[list[str]] = []


def described(title: str, description: str, **extra: Any) -> ConfigDict:
    """Configuration of what is given: its name and description in the OpenAPI document."""
    return ConfigDict(
        title=title,
        from_attributes=True,
        frozen=True,
        json_schema_extra={"description": description, **extra},
    )


def one_of(*members: str) -> WithJsonSchema:
    """A closed vocabulary as plain text: as an enumeration its class would enter the OpenAPI document."""
    return WithJsonSchema({"type": "string", "enum": list(members)})
