"""Cutting Markdown into code, math and prose loses nothing; comments hold whatever they are given."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vary_cli import markup

SIGNS = st.lists(st.sampled_from([*"a1 \n`$\\*<>-!", "```", "$$", "<b>", "<!--", "-->"]), max_size=30).map("".join)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(SIGNS)
def test_the_pieces_are_the_text(text: str) -> None:
    assert "".join(piece for _, piece in markup.pieces(text)) == text


@settings(max_examples=100, deadline=None, derandomize=True)
@given(SIGNS)
def test_no_raw_html_is_left(text: str) -> None:
    tokens = markup.parse(markup.harmless(text))
    inline = [child for token in tokens for child in token.children or ()]
    raw = [token.content for token in [*tokens, *inline] if token.type in ("html_block", "html_inline")]
    assert [html for html in raw if not html.strip().startswith("<!--")] == []


@settings(max_examples=100, deadline=None, derandomize=True)
@given(SIGNS)
def test_a_comment_ends_at_its_end(text: str) -> None:
    comment = markup.comment(text)
    assert comment.index("-->") == len(comment) - 3
    assert markup.harmless(comment) == comment


def test_comments_are_left_whole() -> None:
    comment = markup.comment("a `b` $c$ <d> $$ --> e")
    assert markup.harmless(comment) == comment == "<!-- a `b` $c$ ‹d› $$ - -› e -->"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("a `b` $c$ d", ["code", "math"]),
        ("```\n$x$\n```", ["code"]),
        ("costs $5 and $6", []),
        ("公式$E$中", ["math"]),
        ("\\`a` \\$b$", []),
        ("$$\nx\n$$", ["math"]),
    ],
)
def test_code_and_math_are_told_apart(text: str, kinds: list[str]) -> None:
    assert [kind for kind, _ in markup.pieces(text) if kind != "prose"] == kinds


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://a.org", True),
        ("mailto:a@b.c", True),
        ("#a", True),
        ("a/b.png", True),
        ("JavaScript:x", False),
        ("file:///x", False),
        ("data:text/html,x", False),
    ],
)
def test_links_lead_to_the_web_or_beside_the_page(address: str, safe: bool) -> None:
    assert markup.is_safe_link(address) is safe
