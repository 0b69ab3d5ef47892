"""Templates: strict about what they are given, and every value escaped unless it is marked up on purpose."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import ChoiceLoader, DictLoader, Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from api.console.assets import asset
from api.console.filters import FILTERS, query
from api.console.marks import marked
from api.console.messages import frame
from api.console.theme import THEME_LABELS
from recommender.domain.accounts import Permission
from recommender.domain.kinds import EntityKind
from recommender.matching.messages import PART_LABELS

FOLDER: Final = Path(__file__).parent / "templates"


@cache
def environment() -> Environment:
    """The one environment of the process."""
    found = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"],
    )
    found.filters.update(FILTERS)
    found.globals.update(
        asset=asset,
        query=query,
        marked=marked,
        frame=frame,
        part_labels=PART_LABELS,
        Kind=EntityKind,
        Permission=Permission,
        theme_labels=THEME_LABELS,
    )
    return found


def whole(name: str, context: Mapping[str, Any]) -> str:
    """A page."""
    return environment().get_template(name).render(context)


def part(name: str, context: Mapping[str, Any]) -> str:
    """What stands in a page's ``main`` block: scripts put it in place of the present one."""
    return _frameless().get_template(name).render(context)


@cache
def _frameless() -> Environment:
    """The same templates around which there is no frame; what a page imports is there for its block."""
    bare = {"base.html": "{% block main %}{% endblock %}"}
    return environment().overlay(loader=ChoiceLoader([DictLoader(bare), FileSystemLoader(FOLDER)]))


def token_field(token: str) -> Markup:
    """The hidden field that proves that a form comes from a page of ours."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(escape(token))
