"""Reading pages in tests: strict about HTML, short about what is asked of it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

import html5lib


def problems_of(html: str) -> list[str]:
    """Parse errors of the HTML standard."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    parser.parse(html)
    return [f"{position}: {code} {data}" for position, code, data in parser.errors]


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    text: str = ""
    inside: list[str] = field(default_factory=list)


class Page(HTMLParser):
    """Every element of a page in order, with the text inside it and the classes and tags around it."""

    _VOID = frozenset(("meta", "link", "input", "br", "hr", "img", "wbr"))

    def __init__(self, response):
        super().__init__()
        self.status = response.status_code
        self.html = response.get_data(as_text=True)
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(self.html)

    def handle_starttag(self, tag, attrs):
        attributes = {name: value or "" for name, value in attrs}
        around = [name for each in self._open for name in (each.tag, *each.attributes.get("class", "").split())]
        element = Element(tag, attributes, inside=around)
        self.elements.append(element)
        if tag not in self._VOID:
            self._open.append(element)

    def handle_endtag(self, tag):
        while self._open and self._open.pop().tag != tag:
            pass

    def handle_data(self, data):
        for element in self._open:
            element.text += data

    def all(self, tag, inside=None, **attributes):
        return [
            element
            for element in self.elements
            if element.tag == tag
            and (inside is None or inside in element.inside)
            and all(element.attributes.get(name.rstrip("_")) == value for name, value in attributes.items())
        ]

    def one(self, tag, inside=None, **attributes):
        [element] = self.all(tag, inside, **attributes)
        return element

    def link(self, text, inside=None):
        """Where the first link with this text leads."""
        return next(
            each.attributes["href"] for each in self.all("a", inside) if " ".join(each.text.split()).startswith(text)
        )

    def titles(self):
        return [each.text for each in self.all("h2", "hits")]
