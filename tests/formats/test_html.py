"""HTML: a page that stands alone, runs nothing and fetches nothing."""

from html.parser import HTMLParser

import pytest

from vary_cli.document import Document, PageText
from vary_cli.formats import Rendering, html
from vary_cli.formula.commands import ARGUMENTS, MATRICES, SYMBOLS


class Elements(HTMLParser):
    """Tags with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def page(text: str) -> str:
    return html.render(Document("a.pdf", (PageText(1, "1", text, "stop", "model"),)))


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<div onclick=alert(1)>\n\nx",
    "<table onclick=x><tr><td onmouseover=alert(1)><script>x</script><img src=y></td></tr></table>",
    "<!--><script>alert(1)</script>-->",
    "<!-- x --!><script>alert(1)</script>",
    "[x](javascript:alert(1)) <javascript:alert(1)>",
    "![x](https://evil.example/x.png) ![x](data:image/svg+xml,x)",
    "$\\text{<img src=x onerror=alert(1)>}$ $\\href{javascript:x}{y}$ $<script>$",
    "$$\n\\text{</math><script>alert(1)</script>}\n$$",
    '```"><script>\n</code></pre><script>\n```',
    "<iframe src=https://evil.example></iframe><meta http-equiv=refresh content=0><base href=//e.example>",
    "| <script>x</script> |\n|---|\n| <style>x</style> |",
    "[^1]\n\n[^1]: <script>x</script>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    known = {tag for tag, _ in Elements(page("# a")).found} | {"p", "table", "tr", "td", "th", "thead", "tbody", "a"}
    known |= {"span", "div", "math", "mrow", "mi", "mo", "mtext", "pre", "code", "sup", "section", "ol", "li", "hr"}
    for tag, attributes in Elements(page(text)).found:
        assert tag in known
        assert not [name for name in attributes if name.startswith("on")]
        assert (attributes.get("href") or "#").startswith("#")
        assert "src" not in attributes


def test_the_policy_forbids_scripts_and_the_net(document: Document) -> None:
    policies = [attributes for tag, attributes in Elements(html.render(document)).found if "http-equiv" in attributes]
    assert [str(policy["content"]).split(";")[0] for policy in policies] == ["default-src 'none'"]


def test_only_own_pictures_are_shown(document: Document) -> None:
    found = Elements(html.render(document, Rendering(folder="my images"))).found
    assert [attributes["src"] for tag, attributes in found if tag == "img"] == ["my%20images/p001-fig01.png"]
    embedded = Elements(html.render(document, Rendering(images="embed"))).found
    assert [str(a["src"])[:22] for tag, a in embedded if tag == "img"] == ["data:image/png;base64,"]


def test_footnotes_of_different_pages_do_not_meet(document: Document) -> None:
    ids = [attributes["id"] for _, attributes in Elements(html.render(document)).found if "id" in attributes]
    assert len(ids) == len(set(ids)) == 4


def test_formulas_are_mathml() -> None:
    shown = page("$a<b$ and $x_1^2$\n\n$$\n\\begin{aligned} a &= b \\\\ c &= d \\end{aligned}\n$$")
    assert "<mo>&lt;</mo>" in shown
    assert "<msubsup><mi>x</mi>" in shown
    assert shown.count("<mtr>") == 2


def test_an_unknown_formula_is_its_own_source() -> None:
    assert "<code>\\(\\foo{x} &lt; y\\)</code>" in page("$\\foo{x} < y$")


def test_every_known_command_becomes_mathml() -> None:
    formulas = [f"\\{name} x" for name in sorted(SYMBOLS)]
    formulas += [f"\\{name}" + "{a}" * count for name, count in ARGUMENTS.items()]
    formulas += [f"\\begin{{{name}}}a & b \\\\ c\\end{{{name}}}" for name in sorted(MATRICES)]
    unsaid = [formula for formula in formulas if "<math" not in page(f"${formula}$")]
    assert unsaid == ["\\P x", "\\copyright x"]


def test_spans_of_cells_are_kept(document: Document) -> None:
    assert '<td rowspan="2">left</td><td>b<br>c</td>' in html.render(document)
