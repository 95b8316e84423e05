"""The folder's contract: whatever is in sources/ keeps it."""

from __future__ import annotations

import atexit
import functools
import os
import random
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import fields, replace
from itertools import groupby, islice, pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from vary_cli import formula, plugins
from vary_cli.data.making import SOURCES, module
from vary_cli.data.manuscript.composer import Composer
from vary_cli.data.node import modules
from vary_cli.data.skipped import Skipped
from vary_cli.errors import DataError, DependencyError
from vary_cli.example import FORMULA, Example

TEX = r"""\documentclass{article}\newcommand{\half}[1]{\frac{#1}{2}}\begin{document}
\section{Words}\label{w} A page has words, and \emph{some} of them lean. Others are \textbf{heavy} or \texttt{typed},
and a few stand in a footnote.\footnote{Such as this one.} See Section~\ref{w} and \cite{a,b} for more of them.
\begin{equation} x = \half{y} + \sum_{i=1}^{n} z_i \end{equation}
\begin{tabular}{lr} Name & Number \\ \hline One & 1 \\ Two & 2 \end{tabular}
\begin{itemize} \item first \item second \end{itemize}
\end{document}"""

PACKAGES = {"pages": ("typst", "tex2typst"), "charts": ("matplotlib",), "echarts": ("pyecharts", "resvg_py")}
PACKAGES["latex"] = ("typst", "pylatexenc")
PACKAGES["formulas"] = ("typst", "tex2typst", "pylatexenc")


@pytest.fixture
def inputs(tmp_path: Path, texts: Path, make_pdf: Callable[..., Path]) -> dict[str, tuple[Path, ...]]:
    """Something for each source to make examples of."""
    (tmp_path / "photo").mkdir()
    Image.effect_noise((200, 150), 60).convert("RGB").save(tmp_path / "photo/a.png")
    (tmp_path / "paper.tex").write_text(TEX)
    said = '[{"question": "How many?", "answers": ["two", "2"], "image": "photo/a.png"}]'
    (tmp_path / "docvqa.json").write_text(f'{{"data": {said}}}')
    pdf = make_pdf("Some words that fill a line or two of a page, so that there is something to read on it.")
    return {
        **dict.fromkeys(("lines", "pages"), (texts,)),
        **dict.fromkeys(("charts", "echarts"), ()),
        "pdf": (pdf,),
        **dict.fromkeys(("latex", "formulas"), (tmp_path / "paper.tex",)),
        "negatives": (tmp_path / "photo",),
        "conversations": (tmp_path / "docvqa.json",),
    }


def need(name: str) -> None:
    """Skip aloud where what a source stands on is not installed."""
    for package in PACKAGES.get(name, ()):
        pytest.importorskip(package, reason=f"{name} needs {package}")
    if name == "latex" and shutil.which("xelatex") is None:
        pytest.skip("xelatex is not installed")
    if name == "echarts":
        try:
            modules()
        except DependencyError as error:
            if not installed():
                pytest.skip(error.message)


@functools.cache
def installed() -> bool:
    """Whether npm could install echarts for these tests."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["NODE_PATH"] = f"{folder}/node_modules"
    command = ["npm", "install", "--silent", "--fetch-retries", "0", "--prefix", folder, "echarts"]
    try:
        return bool(shutil.which("npm")) and subprocess.run(command, timeout=60, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def options(name: str, inputs: dict[str, tuple[Path, ...]], fonts: Path) -> object:
    source = module(name)
    own = {"fonts": (fonts,), "without": ("STIX", "cm", "Display")}
    known = {field.name for field in fields(source.Options)}
    first = fields(source.Options)[0].name
    return source.Options(**{first: inputs[name]}, **{key: value for key, value in own.items() if key in known})


def drawn(name: str, chosen: object, count: int = 3) -> list[Example]:
    return list(islice(module(name).examples(chosen, random.Random("3/0")), count))


@pytest.mark.parametrize("name", plugins.names(SOURCES))
def test_a_source_keeps_the_contract(name: str, inputs: dict[str, tuple[Path, ...]], fonts: Path) -> None:
    need(name)
    chosen = options(name, inputs, fonts)
    for one, two in zip(drawn(name, chosen), drawn(name, chosen), strict=True):
        assert one.image.tobytes() == two.image.tobytes()
        assert (one.prompt, one.answer, one.glyphs, one.source) == (two.prompt, two.answer, two.glyphs, two.source)
        assert one.image.mode in ("L", "RGB")
        assert one.answer
        assert one.answer.strip() == one.answer
        assert one.source.startswith(name)
        assert one.image.getextrema() not in ((255, 255), ((255, 255),) * 3)
        for glyph in one.glyphs or ():
            assert 0 <= glyph.x <= one.image.width
            assert 0 <= glyph.y <= one.image.height


@pytest.mark.parametrize("name", plugins.names(SOURCES))
def test_a_source_says_how_it_is_asked(name: str) -> None:
    source = module(name)
    assert source.EXAMPLE.startswith(f"vary data make {name} ")
    assert source.BLOCK >= 1
    assert fields(source.Options)[0].metadata["flag"] is False
    assert isinstance(fields(source.Options)[0].metadata["needed"], bool)
    assert hasattr(source, "items") == hasattr(source, "taken")


@pytest.mark.parametrize("name", ["pdf", "latex", "negatives", "lines", "pages"])
def test_what_is_not_there_is_named(name: str, fonts: Path) -> None:
    need(name)
    chosen = options(name, {name: (Path("nowhere"),)}, fonts)
    with pytest.raises(DataError, match="nowhere"):
        drawn(name, chosen, 1)


def test_latex_pages_say_what_they_show(inputs: dict[str, tuple[Path, ...]], fonts: Path) -> None:
    need("latex")
    (example,) = drawn("latex", options("latex", inputs, fonts), 1)
    for part in ("# Words", "*some*", "**heavy**", "`typed`", "[^1]: Such as this one.", r"\frac{y}{2}", "| One | 1 |"):
        assert part in str(example.answer)
    assert "Section 1 and [2, 3] for" in str(example.answer).replace("\\", "")
    shown = "".join(glyph.char for glyph in example.glyphs or ())
    assert "Sectionland" not in shown
    assert "heavy" in shown


def test_latex_that_does_not_compile_is_left_out(tmp_path: Path, fonts: Path) -> None:
    need("latex")
    source = module("latex")
    (tmp_path / "bad.tex").write_text(r"\documentclass{article}\begin{document}\undefined{\begin{document}")
    chosen = options("latex", {"latex": (tmp_path / "bad.tex",)}, fonts)
    (outcome,) = source.taken(tmp_path / "bad.tex", chosen, random.Random(0))
    assert isinstance(outcome, Skipped)


def test_there_are_at_least_ten_templates() -> None:
    from vary_cli.data.manuscript.templates import TEMPLATES

    assert len({(template.documentclass, template.geometry, template.extra) for template in TEMPLATES}) >= 10


def test_negatives_are_answered_with_the_papers_captions(inputs: dict[str, tuple[Path, ...]], fonts: Path) -> None:
    found = drawn("negatives", options("negatives", inputs, fonts), 60)
    assert {example.answer for example in found} == {
        "It's an image of nature",
        "Here's a nature picture",
        "It's a nature photo",
        "This is a natural image",
        "That's a shot from nature",
    }


def test_conversations_begin_with_the_papers_instruction(inputs: dict[str, tuple[Path, ...]], fonts: Path) -> None:
    (example,) = drawn("conversations", options("conversations", inputs, fonts), 1)
    assert example.prompt == "Answer the following questions using a single word or phrase: How many?"
    assert example.answer == "two"


def test_a_charts_dict_can_be_read_and_names_its_title(inputs: dict[str, tuple[Path, ...]], fonts: Path) -> None:
    need("charts")
    import ast

    for example in drawn("charts", options("charts", inputs, fonts), 4):
        opening, _, told = str(example.answer).partition("\n")
        assert opening == "The dict of the chart is:"
        assert {"title"} < ast.literal_eval(told).keys()


def test_a_formula_is_asked_for_and_told_in_latex(inputs: dict[str, tuple[Path, ...]], fonts: Path) -> None:
    need("formulas")
    for example in drawn("formulas", options("formulas", inputs, fonts), 20):
        assert example.prompt == FORMULA
        assert formula.typeset(str(example.answer), display=True)
        assert example.glyphs


def test_an_accent_stands_over_its_letter_and_takes_no_room(fonts: Path) -> None:
    need("formulas")
    from vary_cli.data import typesetting
    from vary_cli.data.families import case
    from vary_cli.data.manuscript import Block, looks

    chance = random.Random(4)
    blocks = [Block("$$\nM\n$$"), Block("$$\n\\hat{M} + \\mathcal{A}\n$$")]
    look, paper = looks.look(case((fonts,)), False, chance), typesetting.Paper(200.0)
    jobs = [typesetting.Job([block], look, paper, 3.0, "test") for block in blocks]
    alone, accented = typesetting.regions(jobs, (fonts,))
    (letter,) = [glyph for glyph in alone.glyphs or () if glyph.char == "𝑀"]
    found = {glyph.char: glyph for glyph in accented.glyphs or ()}
    wide = found["+"].x - found["𝑀"].x
    assert found["\u0302"].x == found["𝑀"].x
    assert wide > letter.size / 2  # else the letter would be said to stand beside its ink
    assert all(right.x > left.x for left, right in pairwise([found["𝑀"], found["+"], found["𝒜"]]))


def test_a_formula_stands_on_the_line_of_the_words_around_it(fonts: Path) -> None:
    need("formulas")
    from vary_cli.data import typesetting
    from vary_cli.data.families import case
    from vary_cli.data.manuscript import Block, looks

    look = looks.look(case((fonts,)), False, random.Random(4))
    blocks = [Block("before $\\hat{x}_i^2 \\leq \\mathcal{A}^{n}$ and after"), Block("the next one")]
    (example,) = typesetting.regions([typesetting.Job(blocks, look, typesetting.Paper(400.0), 3.0, "test")], (fonts,))
    lines: dict[int, str] = {}
    for glyph in sorted(example.glyphs or (), key=lambda glyph: glyph.x):
        lines[glyph.line] = lines.get(glyph.line, "") + glyph.char
    assert len(lines) == 2
    assert lines[0].startswith("before 𝑥")
    assert lines[0].endswith(" and after")
    assert lines[1] == "the next one"


def test_formulas_can_be_set_by_tex(inputs: dict[str, tuple[Path, ...]], fonts: Path) -> None:
    need("formulas")
    if shutil.which("pdflatex") is None:
        pytest.skip("pdflatex is not installed")
    chosen = replace(options("formulas", inputs, fonts), tex_set=1.0)  # type: ignore[type-var]
    for example in drawn("formulas", chosen, 20):
        assert example.source.endswith(":tex")
        assert formula.typeset(str(example.answer), display=True)
        dark = np.asarray(example.image.convert("L")) < 160
        for glyph in example.glyphs or ():
            x, y, reach = round(glyph.x), round(glyph.y), round(1.5 * glyph.size)
            assert glyph.char.isspace() or dark[max(0, y - reach) : y + reach, max(0, x - reach) : x + reach].any()


def test_without_tex_it_is_said_what_to_install(
    inputs: dict[str, tuple[Path, ...]], fonts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    need("formulas")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(DependencyError, match="pdflatex is not installed"):
        drawn("formulas", replace(options("formulas", inputs, fonts), tex_set=1.0), 1)  # type: ignore[type-var]


def test_formulas_are_found_and_varied(inputs: dict[str, tuple[Path, ...]], fonts: Path) -> None:
    need("formulas")
    source = module("formulas")
    (found,) = source.library(inputs["formulas"])
    assert found == r"x = \frac{y}{2} + \sum_{i=1}^{n} z_{i}"
    chance = random.Random(1)
    others = {source.varied(found, chance) for _ in range(9)}
    assert len(others) == 9
    assert all(re.sub(r"[a-z0-9]", "", other) == re.sub(r"[a-z0-9]", "", found) for other in others)
    assert source.varied(r"\alpha\text{in}", random.Random(2)).endswith(r"\text{in}")


def test_glyphs_of_lines_spell_the_answer(inputs: dict[str, tuple[Path, ...]], fonts: Path) -> None:
    for example in drawn("lines", options("lines", inputs, fonts), 5):
        glyphs = example.glyphs or ()
        rows = ["".join(g.char for g in glyphs if g.line == n) for n in range(1 + max(g.line for g in glyphs))]
        assert "\n".join(rows) == example.answer


def test_every_sign_of_made_up_formulas_can_be_set_and_spelled() -> None:
    need("formulas")
    from vary_cli.data.manuscript import Block, signs
    from vary_cli.data.typesetting import settable

    said = [*signs.RELATIONS, *signs.RARE_RELATIONS, *signs.OPERATIONS, *signs.RARE_OPERATIONS]
    said += [*signs.SPECIALS, *signs.RARE_SPECIALS, *(f"\\{name}" for name in signs.GREEK)]
    said += [f"\\{name}{{A}}" for name in (*signs.ACCENTS, *signs.ALPHABETS)]
    said += [
        *(f"_{{{script}}}" for script in signs.SCRIPTS),
        *(f"_{{i {sign} n}}" for sign in signs.BELOW),
        *signs.GAPS,
    ]
    for sign in said:
        assert settable(Block(f"$$\nx {sign} y\n$$")), sign
        assert formula.typeset(f"x {sign} y", display=True), sign


def test_paragraphs_full_of_formulas_have_one_in_most_lines() -> None:
    voice: Any = SimpleNamespace()
    said = Composer(voice, random.Random(1)).formal("some more words for this text " * 30)
    words = re.sub(r"\$[^$]+\$", "$", said).split()
    assert len(words) == 180
    assert 15 < words.count("$") < 40


def test_a_formula_that_the_translator_does_not_know_is_left_out() -> None:
    need("formulas")
    from vary_cli.data.manuscript import Block
    from vary_cli.data.typesetting import settable

    assert not settable(Block("$$\n\\begin{gathered}a\\\\b\\end{gathered}\n$$"))
    assert settable(Block("$$\n\\sum\\limits_{i=1}^n x\n$$"))


def test_lines_have_marks_that_are_raised_and_small(inputs: dict[str, tuple[Path, ...]], fonts: Path) -> None:
    raised: dict[tuple[str, int, float], tuple[str, float]] = {}
    for example in drawn("lines", options("lines", inputs, fonts), 40):
        for number, line in groupby(example.glyphs or (), lambda glyph: glyph.line):
            glyphs = list(line)
            baseline = max(glyph.y for glyph in glyphs)
            raised |= {(example.source, number, g.x): (g.char, baseline - g.y) for g in glyphs if g.y < baseline}
    assert raised
    assert all(char in "0123456789*†‡§" and rise > 2 for char, rise in raised.values())


def test_some_lines_are_rows_of_one_sign(inputs: dict[str, tuple[Path, ...]], fonts: Path) -> None:
    made_up = replace(options("lines", inputs, fonts), made_up=1.0, chinese=0.0)
    said = [example.answer or "" for example in drawn("lines", made_up, 200)]
    rows = [text for text in said if re.search(r"([^\w\s])\1{7}", text)]
    assert 0 < len(rows) < 20


def test_a_latex_source_is_taken_apart_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    need("formulas")
    from vary_cli.data.sources import formulas as source

    monkeypatch.setenv("VARY_CACHE", str(tmp_path))
    found = source.formulas_of(TEX.encode())
    assert any(r"\frac" in latex for latex in found)
    monkeypatch.setattr("vary_cli.data.manuscript.tex_parser.blocks", lambda _: pytest.fail("taken apart again"))
    assert source.formulas_of(TEX.encode()) == found
    monkeypatch.undo()
    monkeypatch.setenv("VARY_CACHE", str(tmp_path))
    (kept,) = (path for path in tmp_path.rglob("*") if path.is_file())
    kept.write_bytes(b"damaged")
    assert source.formulas_of(TEX.encode()) == found


def test_white_beside_chinese_marks_is_taken_away_as_typesetters_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vary_cli.data.fonts import Face
    from vary_cli.data.sources import lines as source

    monkeypatch.setattr(source, "MARKED", 0.0)
    pymupdf = pytest.importorskip("pymupdf")
    (tmp_path / "han.ttf").write_bytes(pymupdf.Font("cjk").buffer)
    face, ends = Face(tmp_path / "han.ttf", 0, "han"), {}
    for how in ("never", "pairs", "always"):
        drawing = source.Drawing(
            source.Options(size=(30, 30), lines=(1, 1)), random.Random(1), face, face, chinese=True
        )
        drawing.squeezes, drawing.width, drawing.tracking = how, 2000, 0.0
        example = drawing.example("参见（第八节）。注意，这里")
        assert example.answer == "参见（第八节）。注意，这里"
        ends[how] = [glyph.x for glyph in example.glyphs or ()]
        assert ends[how] == sorted(ends[how])
        ink = np.flatnonzero((np.asarray(example.image) < 128).any(0))
        assert ink[-1] == pytest.approx(ends[how][-1] + 15, abs=6)
    shorter = [ends["never"][-1] - ends[how][-1] for how in ("pairs", "always")]
    assert 5 < shorter[0] < shorter[1] / 2
