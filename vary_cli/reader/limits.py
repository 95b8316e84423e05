"""How much an input may ask for before it is refused or cut down. Inputs come from strangers."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from vary_cli.errors import UsageError


@dataclass(frozen=True)
class Limits:
    """What reading may cost."""

    page_timeout: float = 60.0
    """Seconds of processor time for one page of a PDF, or five times as many on the clock; then the page fails."""
    open_timeout: float = 60.0
    """Seconds for opening a PDF, counted the same way."""
    memory: int = 4 << 30
    """Bytes of address space that the process which renders a PDF may use (Linux)."""
    pixels: int = 50_000_000
    """Largest page picture, px; larger ones are rendered at a lower resolution, larger pictures shrunk."""
    pages: int = 100_000
    """Most pages of a document."""
    ahead: int = 4
    """Pages of a PDF that are rendered while the caller works on an earlier one."""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not (math.isfinite(value) and value > 0):
                raise UsageError(f"{field.name} is {value}, but must be above 0", f"its default is {field.default}")
