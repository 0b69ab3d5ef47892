"""Pages read as a browser without scripts would read them: text, links, forms."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import urljoin

import httpx2
from fastapi.testclient import TestClient

_VOID: Final = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}


@dataclass
class SentForm:
    """A form with what it holds before anything is typed.

    Attributes:
        fields: name and value in order, as they would be sent; unticked boxes are left out.
        names: of every control, sent or not.
        buttons: (name, value, text, formaction) of those that send it.
    """

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    buttons: list[tuple[str, str, str, str]] = field(default_factory=list)


class Page(HTMLParser):
    """A page that was answered."""

    def __init__(self, html: str, address: str = "/console/") -> None:
        super().__init__(convert_charrefs=True)
        self.html = html
        self.address = address
        self.links: list[tuple[str, str]] = []
        self.forms: list[SentForm] = []
        self.ids: list[str] = []
        self.headings: list[tuple[str, str]] = []
        self.labels: set[str] = set()
        self.unlabelled: list[str] = []
        self.sources: list[str] = []
        self._words: list[str] = []
        self._open: list[tuple[str, dict[str, str], int]] = []
        self._select: tuple[str, list[tuple[str, bool]]] | None = None
        self._hidden = 0
        self.feed(html)

    @property
    def text(self) -> str:
        """Everything a reader may read, blanks folded."""
        return re.sub(r"\s+", " ", " ".join(self._words)).strip()

    @property
    def title(self) -> str:
        """The one h1."""
        found = [text for tag, text in self.headings if tag == "h1"]
        assert len(found) == 1, found
        return found[0]

    def form(self, action: str) -> SentForm:
        """The form that is sent to an address (its beginning will do)."""
        sent = [form for form in self.forms if form.method == "post"]
        found = [form for form in sent if form.action == action] or [
            form for form in sent if form.action.startswith(action)
        ]
        assert found, (action, [form.action for form in self.forms])
        return found[0]

    # Parsing

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.ids.append(given["id"])
        for name in ("src", "href"):
            if name in given and tag in {"script", "link", "img", "iframe", "source"}:
                self.sources.append(given[name])
        if tag not in _VOID:
            self._open.append((tag, given, len(self._words)))
        self._hidden += tag in {"script", "style"}
        match tag:
            case "form":
                action = urljoin(self.address, given.get("action", self.address))
                self.forms.append(SentForm(action, given.get("method", "get").lower()))
            case "label":
                self.labels.add(given.get("for", ""))
            case "input":
                self._input(given)
            case "select":
                self._name(given)
                self._select = (given.get("name", ""), [])
            case "option" if self._select is not None:
                self._select[1].append((given.get("value", ""), "selected" in given))
            case "textarea":
                self._name(given)

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            opened, given, start = self._open.pop()
            words = self._words[start:]
            self._close(opened, given, "".join(words).strip())
            self._hidden -= opened in {"script", "style"}
            if opened == tag:
                break

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._words.append(data)

    def _close(self, tag: str, given: Mapping[str, str], text: str) -> None:
        match tag:
            case "a" if "href" in given:
                self.links.append((urljoin(self.address, given["href"]), re.sub(r"\s+", " ", text)))
            case "h1" | "h2" | "h3":
                self.headings.append((tag, re.sub(r"\s+", " ", text)))
            case "button" if self.forms and given.get("type", "submit") == "submit":
                said = (given.get("name", ""), given.get("value", ""), text, given.get("formaction", ""))
                self.forms[-1].buttons.append(said)
            case "textarea" if self.forms and given.get("name"):
                self.forms[-1].fields.append((given["name"], text))
            case "select" if self._select is not None:
                name, options = self._select
                chosen = [value for value, is_selected in options if is_selected] or [
                    options[0][0] if options else ""
                ]
                if self.forms and name:
                    self.forms[-1].fields.extend((name, value) for value in chosen)
                self._select = None

    def _input(self, given: Mapping[str, str]) -> None:
        kind, name = given.get("type", "text"), given.get("name", "")
        if kind != "hidden":
            self._name(given)
        if not self.forms or not name or kind in {"submit", "button", "file"}:
            return
        self.forms[-1].names.add(name)
        if kind not in {"checkbox", "radio"} or "checked" in given:
            self.forms[-1].fields.append((name, given.get("value", "on" if kind == "checkbox" else "")))

    def _name(self, given: Mapping[str, str]) -> None:
        """Note a control that nothing labels."""
        if self.forms and given.get("name"):
            self.forms[-1].names.add(given["name"])
        inside_label = any(tag == "label" for tag, _, _ in self._open)
        is_named = inside_label or given.get("aria-label") or given.get("aria-labelledby") or given.get("title")
        if not is_named:
            self.unlabelled.append(given.get("id", "") or given.get("name", "?"))

    @property
    def without_label(self) -> list[str]:
        """Controls that no label names."""
        return [id for id in self.unlabelled if id not in self.labels]


def page_of(response: httpx2.Response) -> Page:
    """The page that was answered."""
    assert response.headers["content-type"].startswith("text/html"), response.text[:500]
    return Page(response.text, str(response.url.raw_path.decode()))


def opened(client: TestClient, address: str, *, status: int = 200) -> Page:
    """A page, asked for."""
    response = client.get(address)
    assert response.status_code == status, (response.status_code, Page(response.text).text[:600])
    return page_of(response)


def send(
    client: TestClient,
    page: Page,
    action: str,
    *,
    files: Any = None,
    button: str = "",
    **typed: str | list[str],
) -> httpx2.Response:
    """Send a form of a page with what is typed into it, as a browser without scripts does.

    Args:
        action: where the form goes, or how that begins.
        button: name of the one pressed, as ``name=value``.
    """
    form = page.form(action)
    unknown = set(typed) - form.names - {name for name, _ in form.fields}
    assert not unknown, (unknown, form.names)
    sent = [(name, value) for name, value in form.fields if name not in typed]
    for name, value in typed.items():
        sent.extend((name, each) for each in ([value] if isinstance(value, str) else value))
    if button:
        name, _, value = button.partition("=")
        assert (name, value) in {(known, holds) for known, holds, _, _ in form.buttons}, form.buttons
        sent.append((name, value))
    data: dict[str, list[str]] = {}
    for name, value in sent:
        data.setdefault(name, []).append(value)
    return client.post(form.action, data=data, files=files)
