"""vary: documents to Markdown or LaTeX with the Vary vision-language models.

>>> from vary_cli import load, convert                # doctest: +SKIP
>>> document = convert("paper.pdf", load("vary-nano"), pages="1-3")  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vary_cli.convert import document as convert
    from vary_cli.model import load

__version__ = "0.1.0"
__all__ = ["convert", "load"]


def __getattr__(name: str) -> object:
    """The two public names, imported when asked for: `import vary_cli` brings neither torch nor PyMuPDF."""
    if name == "load":
        return import_module("vary_cli.model").load
    if name == "convert":
        return import_module("vary_cli.convert")  # a module that can be called
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
