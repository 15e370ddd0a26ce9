from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest
from jinja2 import Environment
from jinja2.exceptions import SecurityError
from tests.reporting.conftest import CASES
from tests.reporting.conftest import shipped as shipped_case

from assess.documents.errors import AssessError
from assess.documents.shipped import shipped_dir
from assess.reporting.edition import Edition
from assess.reporting.environments import html_environment, markdown_environment, render_template, typst_environment
from assess.reporting.html import to_html
from assess.reporting.markdown import to_markdown
from assess.reporting.pdf import to_pdf
from assess.reporting.sandbox import FILTERS, Sandbox
from assess.reporting.theme import DEFAULT_THEME
from assess.reporting.view import Report

MAKERS = {"html": html_environment, "typ": typst_environment, "md": markdown_environment}


def _sandbox(folder: Path, text: str, kind: str = "md", name: str | None = None) -> tuple[Environment, str]:
    """Return a sandbox whose folder has one template, and the name of it."""
    (folder / "report.css").write_text("")
    name = name or f"report.{kind}.j2"
    (folder / name).write_text(text)
    return MAKERS[kind](folder), name


def _made(folder: Path, text: str, kind: str = "md", **context: object) -> str:
    return render_template(*_sandbox(folder, text, kind), **context)


def _refused(folder: Path, text: str, kind: str = "md", **context: object) -> str:
    """Return what is said about a template, without the path of its folder."""
    with pytest.raises(AssessError) as caught:
        _made(folder, text, kind, **context)
    return str(caught.value).replace(f"{folder}/", "DIR/").replace(str(folder), "DIR")


PLACES = "a template may only place values and files of its own folder"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ ''.__class__.__mro__ }}", "access to attribute '__class__' of 'str' object is unsafe"),
        ("{{ ''['__class__'] }}", "access to attribute '__class__' of 'str' object is unsafe"),
        ("{{ [x]|map(attribute='__class__')|first }}", "access to attribute '__class__' of 'str' object is unsafe"),
        ("{{ '{0.__class__}'.format(x) }}", "access to attribute 'format' of 'str' object is unsafe"),
        ("{{ '{:>99999999999}'.format(x) }}", "access to attribute 'format' of 'str' object is unsafe"),
        ("{{ '{a:9}'.format_map({'a': x}) }}", "access to attribute 'format_map' of 'str' object is unsafe"),
        ("{{ x.ljust(99999999999) }}", "access to attribute 'ljust' of 'str' object is unsafe"),
        ("{{ [].append(1) }}", "access to attribute 'append' of 'list' object is unsafe"),
        ("{{ theme.palette('light') }}", "access to attribute 'palette' of 'Theme' object is unsafe"),
        ("{{ theme.source }}", "access to attribute 'source' of 'Theme' object is unsafe"),
        ("{{ theme.parse_file('/etc/passwd') }}", "access to attribute 'parse_file' of 'Theme' object is unsafe"),
        ("{{ x * 99999999999 }}", "'*' takes numbers only, not str"),
        ("{{ 9 ** 9 }}", "'**' is not allowed"),
        ("{{ 1e15 * 10 * 10 }}", "'*' is given a number over 1e+15"),
        ("{{ '%99999999d' % 1 }}", "'%' takes numbers only, not str"),
        ("{{ x + x }}", "'+' takes numbers only, not str"),
        ("{% include '../../etc/passwd' %}", "'../../etc/passwd' is not a path inside DIR"),
        ("{% include '/etc/passwd' %}", "'/etc/passwd' is not a path inside DIR"),
        ("{% include 'a\\\\b.j2' %}", "'a\\b.j2' is not a path inside DIR"),
        ("{% include 'shipped/../../x.j2' %}", "'shipped/../../x.j2' is not a path inside DIR"),
        (
            "{% include 'secret.env' %}",
            "'secret.env' is not a template: its name does not end in .j2 or .css",
        ),
        ("{% include 'outside.j2' %}", "'outside.j2' is a link to a place outside DIR"),
        ("{% include 'folder.j2' %}", "'folder.j2' is not a file"),
        ("{% include 'pipe.j2' ignore missing %}", "'pipe.j2' is not a file"),
    ],
)
def test_a_way_out_is_refused_with_file_and_line(tmp_path: Path, text: str, said: str) -> None:
    folder, outside = tmp_path / "own", tmp_path / "secret.j2"
    folder.mkdir()
    outside.write_text("secret")
    (folder / "outside.j2").symlink_to(outside)
    (folder / "folder.j2").mkdir()
    os.mkfifo(folder / "pipe.j2")
    found = _refused(folder, f"one\n{text}\n", x="text", theme=DEFAULT_THEME)
    assert found == f"DIR/report.md.j2:2: refused: {said}; {PLACES}"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("\n{% if %}", 2, "Expected an expression, got 'end of statement block'"),
        ("{{ x|safe }}", 1, "No filter named 'safe'"),
        ("{{ x|tojson }}", 1, "No filter named 'tojson'"),
        ("{{ x|attr('y') }}", 1, "No filter named 'attr'"),
        ("{{ x|indent(9999999) }}", 1, "No filter named 'indent'"),
        ("{{ [x]|random }}", 1, "No filter named 'random'"),
        ("{{ x|e }}", 1, "No filter named 'e'"),
        ("\n\n{% autoescape false %}{{ x }}{% endautoescape %}", 3, "the escaping may not be changed"),
        ("{{ x ~ x }}", 1, "'~' escapes for HTML only; place one after the other"),
        ("{% extends 'report.md.j2' %}", 1, "the template extends itself; extend 'shipped/report.md.j2'"),
    ],
)
def test_a_template_that_may_not_stand_is_refused(tmp_path: Path, text: str, line: int, said: str) -> None:
    assert (
        _refused(tmp_path, text, x="")
        == f"DIR/report.md.j2:{line}: {said}; docs/templates.md says what a template may hold"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ nothing }}", "'nothing' is undefined; place a field of the report (docs/templates.md names them)"),
        (
            "{{ theme.titel }}",
            "Theme has no attribute 'titel'; place a field of the report (docs/templates.md names them)",
        ),
        ("{{ lipsum() }}", "'lipsum' is undefined; place a field of the report (docs/templates.md names them)"),
        ("{% include 'no.j2' %}", "there is no template no.j2; add the file, or name a shipped one as shipped/NAME"),
        ("{% for n in range(999999999) %}{% endfor %}", "Range too big. The sandbox blocks ranges larger than"),
        ("{{ 1 / 0 }}", "division by zero; correct the expression"),
        ("{% include 'report.md.j2' %}", "a template or macro calls itself without end; break the circle"),
    ],
)
def test_a_fault_at_run_time_is_told_with_file_and_line(tmp_path: Path, text: str, said: str) -> None:
    found = _refused(tmp_path, f"one\n\n{text}", theme=DEFAULT_THEME)
    assert found.startswith(f"DIR/report.md.j2:3: {said}")


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    environment, name = _sandbox(tmp_path, "")
    (tmp_path / name).write_bytes(b"ab\xff")
    with pytest.raises(AssessError, match=r"report\.md\.j2:1:3: not UTF-8"):
        render_template(environment, name)


def test_the_fault_is_placed_in_the_file_that_holds_it(tmp_path: Path) -> None:
    (tmp_path / "part.j2").write_text("\n\n{{ nothing }}")
    assert _refused(tmp_path, "{% include 'part.j2' %}").startswith("DIR/part.j2:3: 'nothing' is undefined")


@pytest.mark.parametrize("kind", ["html", "typ", "md"])
def test_values_are_escaped_as_in_the_shipped_templates(tmp_path: Path, kind: str) -> None:
    text = "{% macro m(x) %}{{ x }}{% endmacro %}{{ m(text) }}{% set y %}{{ text }}{% endset %}{{ y }}"
    environment, _ = _sandbox(tmp_path, "", kind)
    plain = MAKERS[kind]()
    for value in ('<b> & *a* #x "q" \\', "| a\n# b"):
        assert environment.from_string(text).render(text=value) == plain.from_string(text).render(text=value)


def test_what_a_template_may_do(tmp_path: Path) -> None:
    text = (
        "{% for word in words %}{{ loop.cycle('a', 'b') }}{{ word.upper() }}{{ word[:1] }} {% endfor %}"
        "{{ pairs.get('k') }} {{ 2 * 3 + 1 }} {{ 7 % 4 }} {{ '=' * 3 }} {{ words|length }} {{ range(3)|list|length }}"
    )
    assert _made(tmp_path, text, words=["x", "yz"], pairs={"k": "v"}) == "aXx bYZy v 7 3 \\=== 2 3"


def test_joining_in_html_escapes(tmp_path: Path) -> None:
    environment, _ = _sandbox(tmp_path, "", "html")
    template = environment.from_string("{% set b %}<b>{% endset %}{{ b ~ x }}{{ [b, x]|join }}")
    assert template.render(x="<i>") == "<b>&lt;i&gt;<b>&lt;i&gt;"


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in place of the shipped templates, with one page of blocks."""
    folder = tmp_path / "given"
    folder.mkdir()
    (folder / "report.md.j2").write_text("{% block head %}head{% endblock %} {% block body %}body{% endblock %}")
    for module in ("environments", "sandbox"):
        monkeypatch.setattr(f"assess.reporting.{module}.shipped_dir", lambda kind: folder)
    return folder


def test_a_template_extends_the_shipped_one_of_its_name(tmp_path: Path, shipped: Path) -> None:
    text = "{% extends 'shipped/report.md.j2' %}\n{% block head %}own, not {{ super() }}{% endblock %}\n"
    environment, name = _sandbox(tmp_path, text)
    assert render_template(environment, name) == "own, not head body"
    (tmp_path / name).write_text("changed")
    assert render_template(environment, name) == "changed"
    (tmp_path / name).unlink()
    assert render_template(environment, name) == "head body"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("\n{% block haed %}{% endblock %}", 2, "'shipped/report.md.j2' has no block 'haed'; did you mean 'head'?"),
        ("\n\n  lost", 3, "this stands outside every block and would not be shown; move it into a block"),
        ("\n{{ x }}", 2, "this stands outside every block and would not be shown; move it into a block"),
    ],
)
def test_what_would_never_be_shown_is_refused(tmp_path: Path, shipped: Path, text: str, line: int, said: str) -> None:
    found = _refused(tmp_path, f"{{% extends 'shipped/report.md.j2' %}}{text}")
    assert found.startswith(f"DIR/report.md.j2:{line}: {said}")


def test_blocks_of_every_parent_are_known(tmp_path: Path, shipped: Path) -> None:
    (tmp_path / "middle.md.j2").write_text(
        "{% extends 'shipped/report.md.j2' %}{% block head %}{% block in %}{% endblock %}{% endblock %}"
    )
    assert (
        _made(tmp_path, "{% extends 'middle.md.j2' %}{% block in %}1{% endblock %}{% block body %}2{% endblock %}")
        == "1 2"
    )


REACH = [
    ('#import "@preview/cetz:0.1.0": *', "import"),
    ('#{ include ("@" + "local/x:1.0.0") }', "include"),
    ("#let f = eval", "eval"),
    ('#dictionary(std).at("ev" + "al")("1")', "std"),
    ('#plugin("x.wasm")', "plugin"),
    ('#read("/etc/passwd")', "read"),
    ('#json ("x")', "json"),
]


@pytest.mark.parametrize(("text", "word"), REACH)
def test_typst_that_reaches_outside_is_refused_with_file_and_line(tmp_path: Path, text: str, word: str) -> None:
    found = _refused(tmp_path, f"one\n{{{{ 'two' }}}}\n\n{text}", "typ")
    assert found.startswith(
        f"DIR/report.typ.j2:4: '{word}' is not allowed: a template may not load packages or files, or run text as code"
    )


def test_the_advice_on_a_refused_word_is_good(tmp_path: Path) -> None:
    found = _refused(tmp_path, "goods for import", "typ")
    advised = found.partition("write ")[2].partition(")")[0]
    assert advised == '#"\\u{69}mport"'
    assert _made(tmp_path, f"goods for {advised}", "typ") == f"goods for {advised}"


@pytest.mark.parametrize("text", ['#im{# #}port "@preview/x:0.1.0"', '#ev{% if true %}al{% endif %}("1")'])
def test_typst_put_together_from_parts_is_refused(tmp_path: Path, text: str) -> None:
    found = _refused(tmp_path, text, "typ")
    assert found.startswith("DIR/report.typ.j2:1: what the template makes holds '")


def test_words_of_typst_may_stand_in_values(tmp_path: Path) -> None:
    text = '#import "@preview/x" read(1) eval'
    assert "import" not in _made(tmp_path, "{{ x }} {{ x|code }} {% set include = 1 %}thread (x)", "typ", x=text)


@pytest.mark.parametrize("kind", ["html", "typ", "md"])
def test_every_shipped_template_compiles_in_the_sandbox(tmp_path: Path, kind: str) -> None:
    environment, _ = _sandbox(tmp_path, "", kind)
    for path in shipped_dir("templates").glob(f"*.{kind}.j2"):
        environment.get_template(f"shipped/{path.name}")


MANUAL = (Path(__file__).parents[2] / "docs" / "templates.md").read_text()


def test_the_letterhead_of_the_manual_comes_out(tmp_path: Path) -> None:
    text = MANUAL.partition("```jinja\n")[2].partition("```")[0]
    assert text.count("\n") <= 10
    (tmp_path / "report.html.j2").write_text(text)
    assessment = shipped_case(CASES[0])
    page = to_html(assessment, Edition(templates=tmp_path))
    shipped_page = to_html(assessment)
    assert "<strong>Ministry of Defence</strong>" in page
    begin, end = '<header class="mark">', "</header>"
    assert page.partition(begin)[0] == shipped_page.partition(begin)[0]
    assert page.partition(end)[2] == shipped_page.partition(end)[2]


def test_the_manual_names_filters_and_fields() -> None:
    listed = MANUAL.partition("may be used: `")[2].partition("`")[0].split()
    assert sorted(listed) == sorted(FILTERS)
    assert all(f"`{field.name}`" in MANUAL for field in fields(Report))


@pytest.mark.parametrize("case", CASES[:2])
def test_the_shipped_templates_give_the_same_in_the_sandbox(tmp_path: Path, case: str) -> None:
    css = (shipped_dir("templates") / "report.css").read_text()
    (tmp_path / "report.css").write_text(css)
    assessment, own = shipped_case(case), Edition(templates=tmp_path)
    assert to_html(assessment, own) == to_html(assessment)
    assert to_markdown(assessment, own) == to_markdown(assessment)
    assert to_pdf(assessment, own) == to_pdf(assessment)


def test_it_is_a_sandbox_in_use(tmp_path: Path) -> None:
    makers: list[Callable[[Path], Environment]] = [html_environment, typst_environment, markdown_environment]
    (tmp_path / "report.css").write_text("")
    for make in makers:
        environment = make(tmp_path)
        assert isinstance(environment, Sandbox)
        with pytest.raises(SecurityError):
            environment.from_string("{{ x.__class__ }}").render(x="")
