"""Dense pages for models with one small view: a page is cut into overlapping bands, their answers are joined again."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from PIL import Image

OVERLAP = 0.08  # of a band's height, on either side of a cut
LOOK = 800  # characters around a cut in which both answers may say the same
LEAST = 12  # characters that must agree to be the same text


def bands(image: Image.Image, count: int, overlap: float = OVERLAP) -> list[Image.Image]:
    """A page cut into `count` bands from top to bottom, each reaching `overlap` of a band into the next."""
    high = image.height / count
    reach = high * overlap
    edges = [(max(0.0, i * high - reach), min(float(image.height), (i + 1) * high + reach)) for i in range(count)]
    return [image.crop((0, round(top), image.width, round(bottom))) for top, bottom in edges]


def joined(answers: Sequence[str]) -> str:
    """The answers to a page's bands as one, what two neighbours both read only once."""
    whole = answers[0]
    for answer in answers[1:]:
        whole = meet(whole, answer)
    return whole


def meet(above: str, below: str) -> str:
    """Two answers joined where they say the same; on lines of their own where they do not."""
    tail, head = above[-LOOK:], below[:LOOK]
    same = SequenceMatcher(None, tail, head, autojunk=False).find_longest_match()
    if same.size < LEAST:
        return f"{above.rstrip()}\n{below.lstrip()}"
    return above[: len(above) - len(tail) + same.a] + below[same.b :]
