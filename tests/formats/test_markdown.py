"""Markdown: pages as they are, but nothing in them does anything or pretends to be a mark of ours."""

from dataclasses import replace

import pytest

from vary_cli.document import Document, PageText
from vary_cli.formats import Rendering, markdown


def body(text: str) -> str:
    return markdown.body(PageText(1, "1", text, "stop", "model"))


def test_page_marks_in_the_text_are_shown_not_obeyed(document: Document) -> None:
    text = markdown.render(document, Rendering(page_breaks="comment"))
    assert text.count("<!-- vary: page ") == 7  # six pages and the failure
    assert "&lt;!-- vary: page 9 -->" in text
    assert '&lt;a id="page-9">' in markdown.render(document, Rendering(page_breaks="anchor"))


def test_a_failed_page_says_why(document: Document) -> None:
    assert "\n<!-- vary: page 4 failed: timeout - -› ‹b› -->\n" in markdown.render(document)


def test_labels_stand_beside_numbers(document: Document) -> None:
    assert "<!-- vary: page 2 (ii) -->" in markdown.render(document, Rendering(page_breaks="comment"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("the $T_{n}$ of $\\hat{x}\\in\\mathbb{R}$,", "the Tₙ of x̂ ∈ ℝ,"),
        ("a $\\frac{a}{2}$ and `$T_n$`", "a $\\frac{a}{2}$ and `$T_n$`"),
        ("$a*b_1*c$ or $[0,1]$", "a∗b₁∗c or $[0,1]$"),
        ("$$\nT_{n}\n$$", "$$\nT_{n}\n$$"),
    ],
)
def test_formulas_in_lines_are_characters_where_these_say_all_of_them(text: str, said: str) -> None:
    assert body(text) == said
    page = PageText(1, "1", text, "stop", "glyphs")
    assert markdown.body(page, Rendering(inline_math="latex")) == text


@pytest.mark.parametrize(
    ("text", "harmless"),
    [
        ("<script>x</script>", "&lt;script>x&lt;/script>"),
        ("<td onclick=x rowspan=2>", '<td rowspan="2">'),
        ("<!--> <b> -->", "&lt;!--> &lt;b> -->"),
        ("\\<b>", "&lt;b>"),
        ("`<b>` $\\frac{a}{2}<b$", "`<b>` $\\frac{a}{2}< b$"),
        ("a < b <5", "a < b <5"),
        ("<https://a.org>", "<https://a.org>"),
        ("[a](javascript:x)", "[a]\\(javascript:x)"),
        ("[a](java&#115;cript:x)", "[a]\\(java&#115;cript:x)"),
        ("[a](file:///etc/passwd)", "[a]\\(file:///etc/passwd)"),
        ("H<sub>2</sub>O <!-- head -->", "H<sub>2</sub>O <!-- head -->"),
        ("```\n<b>", "```\n<b>\n```"),
        ("costs $$ more", "costs \\$\\$ more"),
    ],
)
def test_raw_html_and_unsafe_links_show_as_text(text: str, harmless: str) -> None:
    assert body(text) == harmless


def test_an_open_code_block_does_not_swallow_the_next_page(document: Document) -> None:
    assert "```\nopen\n```\n" in markdown.render(document)


def test_pictures_left_out_leave_their_words(document: Document) -> None:
    text = markdown.render(document, Rendering(images="none"))
    assert "A figure" in text
    assert "p001-fig01.png" not in text


def test_embedded_pictures_need_no_file(document: Document) -> None:
    assert "![A figure](data:image/png;base64," in markdown.render(document, Rendering(images="embed"))


def test_front_matter_is_yaml(document: Document) -> None:
    hostile = replace(document, source="a\n---\nb: c")
    head = markdown.render(hostile, Rendering(front_matter=True)).split("---\n")[1]
    assert 'source: "a\\n---\\nb: c"' in head
    assert 'title: "A \\"title\\" & more"' in head
    assert "failed_pages: [4]" in head
