"""A page of HTML taken apart: what it holds, what it links to, and whether it is well formed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "br", "link", "img", "hr", "input"}
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@dataclass(eq=False)
class Node:
    """One element, with its attributes and what stands in it in order."""

    tag: str
    given: dict[str, str] = field(default_factory=dict)
    above: Node | None = None
    parts: list[Node | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)

    @property
    def classes(self) -> set[str]:
        return set(self.given.get("class", "").split())

    def all(self, *tags: str) -> Iterator[Node]:
        """Yield the elements inside, at any depth, in document order; of some tags only if any is named."""
        for part in self.parts:
            if isinstance(part, Node):
                if not tags or part.tag in tags:
                    yield part
                yield from part.all(*tags)

    def outside(self) -> Iterator[Node]:
        """Yield the elements around this one, the nearest first."""
        if self.above is not None:
            yield self.above
            yield from self.above.outside()


class Page(HTMLParser):
    """A page as a tree. `wrong` holds every end tag that ends nothing, and every element left open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.root = Node("")
        self.wrong: list[str] = []
        self._here = self.root
        self.feed(text)
        self.close()
        self.wrong += [node.tag for node in (self._here, *self._here.outside()) if node is not self.root]
        self.ids = {node.given["id"]: node for node in self.root.all() if "id" in node.given}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs}, self._here)
        self._here.parts.append(node)
        if tag not in VOID:
            self._here = node

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._here.parts.append(Node(tag, {name: value or "" for name, value in attrs}, self._here))

    def handle_endtag(self, tag: str) -> None:
        if self._here.tag != tag or self._here.above is None:
            self.wrong.append(tag)
        else:
            self._here = self._here.above

    def handle_data(self, data: str) -> None:
        self._here.parts.append(data)

    @property
    def main(self) -> Node:
        return next(self.root.all("main"))

    def numbers(self) -> list[Node]:
        """Return the links that say which fields of the Assessment their numbers show, in reading order."""
        return [link for link in self.root.all("a") if "data-of" in link.given]

    def headings(self) -> list[tuple[int, str]]:
        """Return the level and the text of every heading; the mark that links to it is none of its text."""
        return [(int(node.tag[1]), _without_mark(node)) for node in self.root.all(*HEADINGS)]

    def seen(self) -> str:
        """Return all text a reader sees."""
        return "".join(_words(self.root))


def _words(node: Node) -> Iterator[str]:
    for part in node.parts:
        if isinstance(part, str):
            yield part
        elif part.tag not in ("head", "script"):
            yield from _words(part)


def _without_mark(heading: Node) -> str:
    kept = (
        p if isinstance(p, str) else p.text for p in heading.parts if isinstance(p, str) or "permalink" not in p.classes
    )
    return "".join(kept).strip()
