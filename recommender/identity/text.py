"""Normal forms of text: what only differs in how it was typed becomes the same."""

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from opencc import OpenCC

_BRACKETS: Final = str.maketrans("[]{}<>【】〔〕〖〗《》「」『』", "()" * 9)
_NOT_CONTENT: Final = re.compile(r"[^0-9a-z\u3400-\u9fff()]+")
_BRACKET: Final = re.compile(r"[()]")
_FOOTNOTE: Final = re.compile(r"(?<=[\u3400-\u9fff])[0-9]{1,2}$")


@lru_cache(maxsize=1)
def _to_simplified() -> "OpenCC":
    from opencc import OpenCC

    return OpenCC("t2s")


class _Folds(dict[int, str]):
    """What each character becomes, worked out when it is first met, for :meth:`str.translate`."""

    def __missing__(self, code: int) -> str:
        plain = unicodedata.normalize("NFKC", chr(code))
        self[code] = str(_to_simplified().convert(plain)).casefold()
        return self[code]


_FOLDS: Final = _Folds()


def folded(text: str) -> str:
    """Half width, simplified, lower case, one kind of bracket; nothing is left out.

    >>> folded("張家港ＡＢＣ【集團】")
    '张家港abc(集团)'
    """
    return text.translate(_FOLDS).translate(_BRACKETS)


def lettered(text: str) -> str:
    """The folded text with nothing but letters, digits and brackets.

    >>> lettered("恒 達·機械（張家港）")
    '恒达机械(张家港)'
    """
    return _NOT_CONTENT.sub("", folded(text))


def compact(text: str) -> str:
    """The folded text with nothing but letters and digits.

    >>> compact("基于 ROS 的导航——综述")
    '基于ros的导航综述'
    """
    return _BRACKET.sub("", lettered(text))


def title_form(title: str) -> str:
    """A title as it is compared: compact, without the number of a footnote behind it.

    >>> title_form("冷轧薄板的边裂机理研究1")
    '冷轧薄板的边裂机理研究'
    """
    return _FOOTNOTE.sub("", compact(title))
