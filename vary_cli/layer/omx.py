"""TeX's large symbols: brackets, integrals, sums in fonts that do not say what their characters are.

The order is that of TeX's math extension encoding (OMX; Knuth, Computer Modern Typefaces, cmex10). Pieces of brackets
that are put together from parts are told as that bracket.
"""

from __future__ import annotations

from typing import Any

import pymupdf

from vary_cli.layer import fonts

_BRACKETS = "()[]⌊⌋⌈⌉{}⟨⟩|‖/\\"
OMX = {
    **dict(enumerate(_BRACKETS)),
    **dict(zip(range(0x10, 0x20), "()()[]⌊⌋⌈⌉{}⟨⟩/\\", strict=True)),
    **dict(zip(range(0x20, 0x30), "()[]⌊⌋⌈⌉{}⟨⟩/\\/\\", strict=True)),
    **dict(zip(range(0x30, 0x44), "()[][][]{}{}{}{|()()", strict=True)),
    **dict(zip(range(0x44, 0x58), "⟨⟩⊔⊔∮∮⊙⊙⊕⊕⊗⊗∑∏∫⋃⋂⊎⋀⋁", strict=True)),
    **dict(zip(range(0x58, 0x62), "∑∏∫⋃⋂⊎⋀⋁∐∐", strict=True)),
    **dict(zip(range(0x62, 0x70), "ˆˆˆ˜˜˜[]⌊⌋⌈⌉{}", strict=True)),
    **dict.fromkeys(range(0x70, 0x77), "√"),
}
"""Code -> sign. What is left out are pieces of arrows and braces."""
_CODES = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_MEDIABOX_CLIP | pymupdf.TEXT_CID_FOR_UNKNOWN_UNICODE


def symbols(page: pymupdf.Page) -> dict[tuple[int, int], str]:
    """The large symbols of a page by their place."""
    raw = page.get_text("rawdict", flags=_CODES)
    rows = (line for block in raw["blocks"] for line in block.get("lines", ()))
    spans = (span for row in rows for span in row["spans"] if fonts.is_extension(span["font"]))
    return {place(char["origin"]): sign for span in spans for char in span["chars"] if (sign := _sign(char))}


def place(origin: tuple[float, float]) -> tuple[int, int]:
    """A key for where a character begins, a fifth of a point wide."""
    return round(origin[0] * 5), round(origin[1] * 5)


def _sign(char: dict[str, Any]) -> str | None:
    code = ord(char["c"])
    return OMX.get(code) if code < 0x80 else char["c"]
