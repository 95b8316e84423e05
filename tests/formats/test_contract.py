"""What every format of the folder promises."""

import inspect
import json
from dataclasses import replace

import pytest

from vary_cli import formats
from vary_cli.document import Document, PageText
from vary_cli.errors import UsageError
from vary_cli.formats import Rendering

NAMES = formats.names()


def test_the_folder_holds_the_formats() -> None:
    assert NAMES == ["html", "json", "jsonl", "latex", "markdown", "text"]


def test_suffixes_differ_and_lead_back() -> None:
    assert {formats.by_suffix(f"a{formats.load(name).SUFFIX}") for name in NAMES} == set(NAMES)


def test_an_unknown_suffix_is_refused_with_the_known_formats() -> None:
    with pytest.raises(UsageError, match=r"\.docx") as refusal:
        formats.by_suffix("paper.docx")
    assert "markdown" in refusal.value.hint


@pytest.mark.parametrize("name", NAMES)
class TestEachFormat:
    def test_renders_the_sample(self, name: str, document: Document) -> None:
        text = formats.load(name).render(document)
        for words in ("A title with", "item two", "第二项", "The end.", "alert(1)", "left"):
            assert words in text
        assert text.endswith("\n")

    def test_renders_the_empty_document(self, name: str, nothing: Document) -> None:
        assert isinstance(formats.load(name).render(nothing), str)

    def test_takes_every_option(self, name: str, document: Document) -> None:
        for breaks in ("none", "comment", "rule", "anchor"):
            for images in ("none", "files"):
                options = Rendering(page_breaks=breaks, images=images, front_matter=True, folder="my images")
                assert "The end." in formats.load(name).render(document, options)

    def test_renders_the_same_twice(self, name: str, document: Document) -> None:
        assert formats.load(name).render(document) == formats.load(name).render(document)

    def test_accounts_for_the_failed_page(self, name: str, document: Document) -> None:
        text = formats.load(name).render(document)
        assert "timeout" in text
        assert "4" in text

    def test_takes_document_and_options(self, name: str) -> None:
        assert list(inspect.signature(formats.load(name).render).parameters) == ["document", "options"]


def test_pictures_are_planned_where_links_lead(document: Document) -> None:
    assert list(formats.pictures(document, "my images")) == ["my images/p001-fig01.png"]
    text = formats.load("markdown").render(document, Rendering(folder="my images"))
    assert "![A figure](my%20images/p001-fig01.png)" in text


def test_json_tells_everything(document: Document) -> None:
    whole = json.loads(formats.load("json").render(document, Rendering(page_breaks="comment", front_matter=True)))
    page = whole["pages"][0]
    assert (whole["schema"], whole["source"], whole["failed"]) == (1, "papers/paper 1.pdf", [4])
    assert whole["provenance"] == dict(document.provenance)
    assert (page["label"], page["method"], page["score"], page["seconds"]) == ("i", "layer+model", 0.97, 1.5)
    assert page["account"] == {"verified": 900, "corrected": 3, "unverified": 2, "read": 1}
    assert (page["headers"], page["warnings"]) == (["Running head"], ["odd"])
    assert page["pictures"] == [{"name": "p001-fig01.png", "width": 60, "height": 40, "file": "p001-fig01.png"}]
    assert (whole["pages"][3]["finish"], whole["pages"][3]["code"]) == ("failed", "timeout")


@pytest.mark.parametrize("breaks", ["none", "comment", "rule", "anchor"])
def test_json_offsets_cut_the_pages_out_of_the_markdown(breaks: str, document: Document) -> None:
    options = Rendering(page_breaks=breaks, front_matter=True)
    markdown = formats.load("markdown").render(document, options)
    for page in json.loads(formats.load("json").render(document, options))["pages"]:
        assert markdown[page["start"] : page["end"]] == page["text"]


def test_json_lines_have_a_page_each(document: Document) -> None:
    from vary_cli.formats import jsonl

    lines = formats.load("jsonl").render(document).splitlines()
    assert [json.loads(line)["number"] for line in lines] == [1, 2, 3, 4, 5, 6]
    assert lines[1] + "\n" == jsonl.render_page(document.pages[1], document.source)


def test_latex_refuses_to_embed(document: Document) -> None:
    with pytest.raises(UsageError, match="embed"):
        formats.load("latex").render(document, Rendering(images="embed"))


def test_plain_text_has_no_marks(document: Document) -> None:
    page = replace(document, pages=document.pages[:1])
    text = formats.load("text").render(page)
    assert "Some emphasis, strong, code_{x} and a link." in text
    assert "Name\tValue\na_b\t\\frac{1}{2}\nx | y\t3" in text
    assert "Both\nleft\tb c\nd" in text
    assert "- item two\n  1. sub one" in text
    assert "**" not in text
    assert "Running head" not in text


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "text", ["*" * 3000 + "x" + "*" * 3000, "> " * 120 + "x", "[" * 500 + "x", "$" + "{" * 999 + "x$"]
)
def test_no_text_is_too_deep(name: str, text: str) -> None:
    page = PageText(1, "1", text, "stop", "model")
    assert "x" in formats.load(name).render(Document("a.pdf", (page,)))
