"""What a browser calls itself, as a person would."""

import re

from api.console.messages import accounts as zh


def browser_name(user_agent: str) -> str:
    """Browser and system.

    >>> browser_name("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0")
    'Edge · Windows'
    >>> browser_name("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    'Firefox · Linux'
    """
    browser, system = _first(zh.BROWSERS, user_agent), _first(zh.SYSTEMS, user_agent)
    if not browser:
        return zh.UNKNOWN_BROWSER
    return zh.ON_SYSTEM.format(browser=browser, system=system) if system else browser


def _first(known: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for pattern, name in known if re.search(pattern, text)), "")
