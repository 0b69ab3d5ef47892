"""Parsers of words that have a list behind them, and of contacts; rules as in ``parsers``.

Closed vocabularies refuse an unknown word, since the program decides by them. Open ones, of which registers know
more than the program does, keep it with a warning: nothing an officer wrote is lost over a matter of wording.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Final

from recommender.domain.indicators import Indicator
from recommender.exchange import codes, contacts
from recommender.exchange.cells import Cell, as_text, excerpt, half_width
from recommender.exchange.issues import BadValue, Flagged
from recommender.exchange.limits import LIMITS
from recommender.exchange.parsers import Parser, phrases, short_text, words

_TRUTHS: Final[Mapping[str, bool]] = {
    **dict.fromkeys(("是", "有", "y", "yes", "true", "1", "√", "✓", "规上"), True),
    **dict.fromkeys(("否", "无", "n", "no", "false", "0", "×", "x", "规下"), False),
}


def truth(cell: Cell) -> bool:
    """是 or 否."""
    text = half_width(as_text(cell)).strip().casefold()
    if text not in _TRUTHS:
        raise BadValue("truth.form", value=excerpt(as_text(cell)))
    return _TRUTHS[text]


def _word_key(text: str) -> str:
    return half_width(text).replace(" ", "").casefold()


def _by_word(choices: Iterable[str], aliases: Mapping[str, str]) -> dict[str, str]:
    """The word of the vocabulary, as plain text, by the key of each way of writing it."""
    return {
        _word_key(word): str(choice) for choice in choices for word in (choice, *aliases.get(choice, "").split())
    }


NO_ALIASES: Final[Mapping[str, str]] = {}


def one_of(choices: type[StrEnum], aliases: Mapping[str, str] = NO_ALIASES) -> Parser:
    """One word of a closed vocabulary.

    Args:
        aliases: by word of the vocabulary, other words for it, divided by blanks.
    """
    known = {key: choices(choice) for key, choice in _by_word(choices, aliases).items()}

    def parse(cell: Cell) -> StrEnum:
        text = as_text(cell)
        try:
            return known[_word_key(text)]
        except KeyError:
            raise BadValue("choice.unknown", value=excerpt(text), allowed="、".join(choices)) from None

    return parse


def some_of(choices: type[StrEnum], aliases: Mapping[str, str] = NO_ALIASES) -> Parser:
    """Words of a closed vocabulary, in the order written, without repeats."""
    parse_one = one_of(choices, aliases)

    def parse(cell: Cell) -> tuple[object, ...]:
        return tuple(dict.fromkeys(parse_one(item) for item in words(cell)))

    return parse


def preferred(choices: Iterable[str], aliases: Mapping[str, str] = NO_ALIASES, *, warn: bool) -> Parser:
    """One word of an open vocabulary: an alias becomes the usual word, an unknown word is kept.

    Args:
        warn: say so of an unknown word; for vocabularies of which registers seldom know more words.
    """
    known = _by_word(choices, aliases)
    allowed = "、".join(choices)

    def parse(cell: Cell) -> object:
        text = str(short_text(cell))
        usual = known.get(_word_key(text))
        if usual is None and warn:
            return Flagged(text, "choice.unusual", {"value": excerpt(text), "allowed": allowed})
        return text if usual is None else usual

    return parse


def preferred_words(choices: Iterable[str], aliases: Mapping[str, str] = NO_ALIASES, *, warn: bool) -> Parser:
    """Words of an open vocabulary, each taken as by :func:`preferred`."""
    known = _by_word(choices, aliases)
    allowed = "、".join(choices)

    def parse(cell: Cell) -> object:
        written = words(cell)
        usual = tuple(dict.fromkeys(known.get(_word_key(word), word) for word in written))
        unknown = [word for word in written if _word_key(word) not in known]
        if not unknown or not warn:
            return usual
        return Flagged(usual, "choice.unusual", {"value": excerpt("、".join(unknown)), "allowed": allowed})

    return parse


def indicators(cell: Cell) -> object:
    """Technical indicators, as :class:`~recommender.domain.indicators.Indicator` writes them.

    What is not one name, one comparison and one number is kept as it is written, with a warning: it can be read
    and searched, only not compared.
    """
    items = phrases(cell)
    read = [Indicator.parse(item) for item in items]
    written = tuple(
        dict.fromkeys(item if one is None else str(one) for item, one in zip(items, read, strict=True))
    )
    unread = [item for item, one in zip(items, read, strict=True) if one is None]
    return Flagged(written, "indicator.form", {"value": excerpt("；".join(unread))}) if unread else written


def industry(cell: Cell) -> object:
    """An industry of GB/T 4754—2017 as ``C3042 特种玻璃制造``, from its code, its name or both.

    An unknown one is kept with a warning: registers from before 2017 use other codes, and nothing depends on this
    field so much that the enterprise should be left out.
    """
    text = str(short_text(cell))
    found = codes.industries().find(text)
    if found is None:
        return Flagged(text, "industry.unknown", {"value": excerpt(text)})
    written = str(found.industry)
    return (
        written
        if found.agrees
        else Flagged(written, "industry.mismatch", {"value": excerpt(text), "taken": written})
    )


def town(cell: Cell) -> object:
    """A town of the city; another place is kept with a warning, as not every enterprise is of the city."""
    text = str(short_text(cell))
    found = codes.towns().find(text)
    return Flagged(text, "town.unknown", {"value": excerpt(text)}) if found is None else found


def phone(cell: Cell) -> str:
    """One phone number in its usual form. A wrong number would give a contact to a stranger, hence an error."""
    found = None if isinstance(cell, date) else contacts.phone(as_text(cell))
    if found is None:
        # The value is personal data and stays out of the message.
        raise BadValue("phone.form")
    return found


def email(cell: Cell) -> str:
    """One mail address, refused like a wrong phone number."""
    found = contacts.email(as_text(cell))
    if found is None:
        raise BadValue("email.form")
    return found


def url(cell: Cell) -> str:
    """A web address; only http and https, since pages make links of it."""
    text = as_text(cell)
    found = contacts.url(text)
    if found is None or len(found) > LIMITS.max_short_characters:
        raise BadValue("url.form", value=excerpt(text))
    return found
