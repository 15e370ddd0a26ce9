"""The check of a page that a user's template made: no script but ours, nothing loaded, our policy in force.

It refuses more than a browser would run, and reads everything that is not plainly text as markup.
"""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser

from assess.documents.errors import AssessError
from assess.documents.shipped import shipped_dir

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""The Content-Security-Policy of a page without a script."""

_ELEMENTS = frozenset(
    """animate animatemotion animatetransform applet audio base embed foreignobject form frame frameset iframe
    link listing math noembed noframes noscript object plaintext portal set source template track video xmp""".split()  # noqa: SIM905
)
"""Elements that run code, load something, or are read in one way here and in another by browsers."""
_ATTRIBUTES = frozenset(
    """action archive attributionsrc background codebase data dynsrc formaction http-equiv imagesrcset longdesc
    lowsrc manifest ping poster profile srcdoc srcset""".split()  # noqa: SIM905
)
_LINKS = frozenset(("href", "xlink:href", "src"))
_TEXTS = re.compile(r"(?:aria-.*|alt|content|title)\Z")
_STRING_OR_COMMENT = re.compile(r"/\*.*?\*/|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.DOTALL)
_STYLE_REACH = re.compile(r"@import|image-set\s*\(|\bsrc\s*\(|url\s*\((?!\s*(?:#|data:))", re.IGNORECASE)
_TAG_IN_TEXT = re.compile(r"<[A-Za-z/!?]")


@cache
def shipped_script() -> tuple[str, str]:
    """Return the script of the report, and the policy of a page that carries it: this script may run, and no other."""
    text = (shipped_dir("templates") / "report.js").read_text(encoding="utf-8")
    digest = b64encode(sha256(text.encode()).digest()).decode()
    return text, f"{POLICY}; script-src 'sha256-{digest}'"


def check_page(html: str, where: str) -> None:
    """Raise `AssessError` with everything on a page that a report must not hold, one line each.

    `where` names what made the page; lines are counted in the page.
    """
    page = _Page()
    page.feed(html)
    page.close()
    if page.script is not None:
        page.refuse("a script that does not end", "close it")
    if not page.guarded:
        page.problems.append("there is no Content-Security-Policy of ours; keep the <meta> of the shipped template")
    if page.problems:
        raise AssessError("\n".join(f"{where}: {problem}" for problem in dict.fromkeys(page.problems)))


class _Page(HTMLParser):
    """Collects problems. Text comes as it stands in the page, so that a '<' in it was not escaped."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.problems: list[str] = []
        self.guarded = False
        self.begun = False
        """Whether anything has come that ends the head, or that the policy would come too late for."""
        self.script: list[str] | None = None
        """The text so far of the script that is open."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "meta" and ("http-equiv", "Content-Security-Policy") in attrs:
            ours = dict(attrs).get("content") in (POLICY, shipped_script()[1])
            if ours and len(attrs) == 2 and not self.begun:
                self.guarded = True
            else:
                self.refuse("a Content-Security-Policy that is not ours, or comes too late", "keep the shipped <meta>")
            return
        self.begun |= tag not in ("html", "head", "meta")
        if tag == "script":
            self.script = []
        if tag in _ELEMENTS:
            self.refuse(f"the element <{tag}>", "remove it")
        for name, value in attrs:
            if tag == "script":
                self.refuse(f"the attribute {name} of <script>", "remove it")
            self._check_attribute(tag, name, value or "")

    def handle_endtag(self, tag: str) -> None:
        self.begun = True
        if tag == "script" and self.script is not None:
            if "".join(self.script) != shipped_script()[0]:
                self.refuse("a <script> that is not ours", "remove it")
            self.script = None

    def handle_data(self, data: str) -> None:
        if self.script is not None:
            self.script.append(data)
            return
        self.begun |= bool(data.strip())
        if _TAG_IN_TEXT.search(data):
            self.refuse("a '<' inside text or style", "write &lt; for the sign")
        if self.cdata_elem == "style":
            self._check_style(unescape(data), "the style sheet")  # a style inside SVG is read with its references

    def handle_entityref(self, name: str) -> None:
        self.begun = True

    def handle_charref(self, name: str) -> None:
        self.begun = True

    def handle_comment(self, data: str) -> None:
        if "<" in data or ">" in data:
            self.refuse("a comment with markup in it", "remove it")

    def handle_decl(self, decl: str) -> None:
        if decl.lower() != "doctype html":
            self.refuse("a declaration other than <!DOCTYPE html>", "remove it")

    def unknown_decl(self, data: str) -> None:
        self.refuse("a declaration other than <!DOCTYPE html>", "remove it")

    def handle_pi(self, data: str) -> None:
        self.refuse("a processing instruction", "remove it")

    def _check_attribute(self, tag: str, name: str, value: str) -> None:
        if name.startswith("on") or name in _ATTRIBUTES:
            self.refuse(f"the attribute {name} of <{tag}>", "remove it")
        elif name in _LINKS:
            target = value.strip().lower()
            if not target.startswith("#") and not (tag in ("img", "image") and target.startswith("data:image/")):
                self.refuse(f"{name}={value!r:.60} of <{tag}>", "link inside the page only; pictures as data:image/")
        elif not _TEXTS.match(name):
            self._check_style(value, f"the attribute {name} of <{tag}>")

    def _check_style(self, text: str, what: str) -> None:
        plain = _ESCAPE.sub(_character, _STRING_OR_COMMENT.sub('""', text))
        found = _STYLE_REACH.search(plain)
        if found:
            self.refuse(
                f"'{found[0].strip()}' in {what}", "load nothing; a picture may be url(data:...), without quotes"
            )

    def refuse(self, what: str, todo: str) -> None:
        self.problems.append(f"line {self.getpos()[0]} of the page it makes holds {what}; {todo}")


def _character(match: re.Match[str]) -> str:
    if match[2]:
        return match[2]
    number = int(match[1], 16)
    return chr(number) if number < 0x110000 else "\ufffd"
