"""LaTeX documents of your own text with made-up formulas in their lines, and rows of letters, typeset by pdfTeX.

    python examples/make_tex_lines.py OUT TEXT... [-n DOCUMENTS]
    vary data make pdf OUT -o data/tex-lines --no-answers

TEXT are .txt or .md files, or folders of them.
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
from pathlib import Path

from vary_cli.data import mathpress, texpress, text
from vary_cli.data.manuscript.formulas import Formula

PARAGRAPHS, WORDS = 45, 90
FORMAL, MARKED, LISTED = 0.14, 0.04, 0.7
"""Share of words that a formula follows, or a footnote's mark, and of paragraphs that a row of letters follows."""
MARKS = re.compile(r"[\\{}$&#%_^~]")
SHOWN = (r"\begin{center}$%s$\end{center}", r"\noindent $%s$", r"Letters: $%s$.")


def main() -> None:
    """Make the documents."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("text", type=Path, nargs="+")
    parser.add_argument("-n", "--documents", type=int, default=60)
    told = parser.parse_args()
    chance, texts, faces = random.Random(0), text.load(tuple(told.text)), mathpress.faces()
    told.out.mkdir(parents=True, exist_ok=True)
    for number in range(told.documents):
        with tempfile.TemporaryDirectory() as folder:
            pdf = texpress.printed(document(chance, texts, chance.choice(faces)), Path(folder), "pdflatex")
        if pdf is not None:
            (told.out / f"{number:04}.pdf").write_bytes(pdf)


def document(chance: random.Random, texts: text.Texts, face: mathpress.Face) -> str:
    """One document in a face."""
    body = []
    for _ in range(PARAGRAPHS):
        body.append(" ".join(paragraph(chance, texts, face)))
        if face.lettered and chance.random() < LISTED:
            body.append(chance.choice(SHOWN) % Formula(chance).letters())
    head = mathpress.head(face, chance.choice((10, 11, 12)))
    return "\n\n".join([*head, texpress.START, *body, texpress.END]).replace(r"\mathcal", face.script)


def paragraph(chance: random.Random, texts: text.Texts, face: mathpress.Face) -> list[str]:
    """The words of a paragraph, and its formulas."""
    said = []
    for word in MARKS.sub("", texts.paragraph(chance, chinese=False)).split()[:WORDS]:
        said.append(word)
        if chance.random() < FORMAL and mathpress.fits(latex := Formula(chance).inline(), face):
            said.append(f"${latex}$" + chance.choice(("", "", ",", ".")))
        elif chance.random() < MARKED:
            said[-1] += rf"\textsuperscript{{{chance.randint(1, 99)}}}"
    return said


if __name__ == "__main__":
    main()
