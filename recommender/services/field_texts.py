"""What was meant by a text in a field: read as it would be from a file."""

from recommender.domain.errors import InvalidInput
from recommender.exchange.cells import tidy
from recommender.exchange.columns import ColumnSpec, TableKind
from recommender.exchange.issues import BadValue, Flagged
from recommender.exchange.messages import ROW_MESSAGES
from recommender.exchange.tables import table_of


def parsed(table: TableKind, column: ColumnSpec, text: str) -> object:
    """The value of a text, as it would be read from a file; of an empty one what the field holds by default.

    Raises:
        InvalidInput: the column cannot take it.
    """
    default = table_of(table).defaults.get(column.field)
    try:
        cell, _ = tidy(text)
        if cell == "":
            if column.required:
                raise BadValue("value.required")
            return default
        value = column.parse(cell)
    except BadValue as fault:
        message, _ = ROW_MESSAGES[fault.code]
        said = message.format(column=column.header, **fault.context)
        raise InvalidInput("identity.field_value", field=column.header, message=said) from None
    value = value.value if isinstance(value, Flagged) else value
    return default if value is None else value
