"""LaTeX: it says what the pages say, does nothing else, and real engines set it without an error."""

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from vary_cli import formats
from vary_cli.document import Document, PageText
from vary_cli.formats import Rendering, latex
from vary_cli.formula import signs
from vary_cli.formula.commands import ARGUMENTS, DELIMITERS, DISPLAYS, MATRICES, SIZES, SYMBOLS

UNICODE = next(filter(shutil.which, ("xelatex", "lualatex", "tectonic")), None)
CLASSIC = shutil.which("pdflatex") and "pdflatex"

HOSTILE = r"""# Title with [^1] `code` and $$x$$ ![p](a.png) \newline \input{/etc/passwd}

## Heading with [link](https://x.y/a%20b_c#d~e) [^2] and <br> break and **bold $a_1$** ~~gone~~

<br>Leading break. \write18{ls} \end{document} ^^M ^^5c %comment & # _ ~ ^ \\ "q" 'r' ''s'' ``t'' -- --- ,, << >> !` ?`

$\input{x}$ $a^b^c$ $x_{$ $\left( a$ $\frac{1}$ $#$ $100\%$ $\text{a_b & $c$}$ $a & b$ $\begin{foo}x\end{foo}$

- a
  - b
    - c
      - d
        - e

          > q
          > > r
- [x] box
-

1000000. many

```
\end{Verbatim} { } \ % ~ ' ` " – ≤ é
```

| a | b | c |
|---|:-:|--:|
| $$x^2 \tag{1}$$ | a<br>b | `x\|y` [^1] |
| | | |

<table><tr><td rowspan=3 colspan=2>x $\alpha$ **b**</td><td>y</td></tr><tr><td>[z]</td><td>more</td></tr></table> after

<div>hello <b>x</b></div>

H<sub>2 and *em <sup>x* y</sup> z</sub> </sub> $$\int_0^1 f$$ inside.

[^1]: Note [^1] with [^2]

    ```
    code in a note
    ```
[^2]: other $$y$$
"""


def pages(*texts: str) -> Document:
    return Document("a.pdf", tuple(PageText(n, str(n), text, "stop", "model") for n, text in enumerate(texts, 1)))


def typeset(document: Document, folder: Path, engine: str, options: Rendering = formats.DEFAULT) -> str:
    """The engine's log. Fails at the engine's first error."""
    (folder / "page.tex").write_text(latex.render(document, options), encoding="utf-8")
    safe = ["--untrusted", "-k", "--keep-logs"] if engine == "tectonic" else ["-no-shell-escape", "-halt-on-error"]
    batch = [] if engine == "tectonic" else ["-interaction=nonstopmode"]
    done = subprocess.run(
        [engine, *safe, *batch, "page.tex"], cwd=folder, capture_output=True, timeout=300, check=False
    )
    log = (folder / "page.log").read_text(encoding="utf-8", errors="replace")
    errors = [line for line in log.splitlines() if line.startswith(("!", "Missing character"))]
    assert (done.returncode, errors) == (0, [])
    assert (folder / "page.pdf").stat().st_size > 0
    return log


needs_unicode = pytest.mark.skipif(not UNICODE, reason="no xelatex, lualatex or tectonic: LaTeX output is not compiled")
needs_classic = pytest.mark.skipif(not CLASSIC, reason="no pdflatex: LaTeX output is not compiled with it")


@needs_unicode
def test_a_unicode_engine_sets_the_sample(document: Document, tmp_path: Path) -> None:
    (tmp_path / "my #1 50% a_b~c_images").mkdir()
    for place, picture in formats.pictures(document, "my #1 50% a_b~c_images").items():
        picture.image.save(tmp_path / place)
    options = Rendering(page_breaks="anchor", front_matter=True, folder="my #1 50% a_b~c_images")
    typeset(document, tmp_path, str(UNICODE), options)


@needs_unicode
def test_a_unicode_engine_sets_what_is_hostile(tmp_path: Path) -> None:
    typeset(pages(HOSTILE, HOSTILE), tmp_path, str(UNICODE))


@needs_unicode
def test_a_unicode_engine_sets_other_scripts(tmp_path: Path) -> None:
    typeset(pages("# Привет мир [^1]\n\n## שלום ✗ ☐ ① ж̄ 😀\n\n`ж`\n\n[^1]: да"), tmp_path, str(UNICODE))


@needs_classic
def test_pdftex_sets_what_is_hostile(tmp_path: Path) -> None:
    typeset(pages(HOSTILE), tmp_path, str(CLASSIC))


@needs_classic
def test_pdftex_sets_every_sign_and_command(tmp_path: Path) -> None:
    formulas = [f"\\{name} x" for name in sorted(SYMBOLS)]
    formulas += [f"\\{name}" + "{ab}" * count for name, count in ARGUMENTS.items()]
    formulas += [f"\\{name}( x" for name in sorted(SIZES)]
    formulas += [f"\\left{sign} x \\right{sign}" for sign in sorted(DELIMITERS)]
    displays = [f"\\begin{{{name}}}a & b \\\\ c\\end{{{name}}}" for name in sorted(MATRICES | DISPLAYS.keys())]
    latin = "".join(chr(code) + " " for code in range(0xA1, 0x180) if chr(code) not in "¤¦ĦħĸŉŦŧſĿŀ")
    text = [*(f"${formula}$" for formula in formulas), *(f"$$\n{display}\n$$" for display in displays)]
    typeset(
        pages("\n\n".join([*text, latin, " ".join(sign for sign in signs.known() if sign not in "〈〉")])),
        tmp_path,
        "pdflatex",
    )


def test_no_command_of_the_text_survives() -> None:
    body = latex.render(pages(HOSTILE)).split("\\begin{document}")[1]
    assert "\\input" not in body
    assert "\\write" not in body
    assert body.count("\\end{document}") == 1


def test_a_formula_that_may_not_compile_shows_its_source() -> None:
    body = latex.render(pages("$\\foo{x}$"))
    assert "\\texttt{\\textbackslash{}foo\\{x\\}}" in body


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("a_b & 50% #1 {x} ~ ^", "a\\_b \\& 50\\% \\#1 \\{x\\} \\textasciitilde{} \\textasciicircum{}"),
        ("α ≤ x² é ế", "\\ensuremath{\\alpha} \\ensuremath{\\leq} x² é {\\'{\\^{e}}}"),
        ("*a* **b** `c_d`", "\\emph{a} \\textbf{b} \\texttt{c\\_d}"),
        ("3. x\n4. y", "\\begin{enumerate}\n\\item[3.] x\n\\item[4.] y\n\\end{enumerate}"),
        ("a [b](https://x.y/?a=1&b#c)", "a \\href{https://x.y/?a=1\\&b\\#c}{b}"),
        ("a [b](javascript:x)", "a {[}b{]}(javascript:x)"),
        ("x[^1]\n\n[^1]: note", "x\\protect\\footnote{note}"),
        ("$$\nx\\tag{2}\n$$", "\\[x\\tag{2}\\]"),
        ("**$$x$$**", "\\textbf{\\(x\\)}"),
        ("# A\n\n# B", "\\section{A}\n\n\\section{B}"),
        ("# A\n\n## B", "\\maketitle\n\n\\section{B}"),
    ],
)
def test_markdown_becomes_latex(text: str, typed: str) -> None:
    assert typed in latex.render(pages(text))


def test_spanning_cells_are_multicolumn_and_multirow(document: Document) -> None:
    body = latex.render(document)
    assert (
        "\\multicolumn{2}{l}{Both} \\\\\n\\midrule\n\\multirow{2}{*}{left} & b\\leavevmode\\newline c \\\\\n & d \\\\"
        in body
    )


def test_chinese_asks_for_its_fonts_and_nothing_else_does(document: Document) -> None:
    assert "{ctex}" in latex.render(document)
    assert "{ctex}" not in latex.render(replace(document, pages=document.pages[:1]))


def test_comments_cannot_end_early() -> None:
    document = Document("a\n\\end{document}", (PageText(1, "1", "", "failed", "none", warnings=("x\n\\evil",)),))
    text = latex.render(document, Rendering(front_matter=True, page_breaks="comment"))
    assert not re.search(r"^\\(evil|end\{document\}$(?!\n\Z))", text, re.MULTILINE)
