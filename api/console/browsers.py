"""What a browser calls itself, as a person would."""

import re
from typing import Final

from api.console.messages import accounts as zh

_BROWSERS: Final = (
    ("MicroMessenger", "微信"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("360|QihooBrowser|QHBrowser", "360 浏览器"),
    ("QQBrowser", "QQ 浏览器"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
)
"""Each names those after it as well, so the first that is found is meant."""
_SYSTEMS: Final = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone|iPad", "iOS"),
    ("Mac OS", "macOS"),
    ("OpenHarmony|HarmonyOS", "鸿蒙"),
    ("Linux", "Linux"),
)


def browser_name(user_agent: str) -> str:
    """Browser and system.

    >>> browser_name("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0")
    'Edge · Windows'
    >>> browser_name("curl/8.0")
    '其他程序'
    """
    browser, system = _first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent)
    if not browser:
        return zh.UNKNOWN_BROWSER
    return zh.ON_SYSTEM.format(browser=browser, system=system) if system else browser


def _first(known: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for pattern, name in known if re.search(pattern, text)), "")
