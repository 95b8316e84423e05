"""A formula's LaTeX, judged and mended: what passes is set by any TeX engine with amsmath and amssymb.

Only commands that are known to be harmless pass, so a formula can neither run anything nor break the document around
it. Knows no Markdown and no output format.
"""

from __future__ import annotations

import re

from vary_cli.formula.setter import Setter
from vary_cli.formula.tokens import Unfit

_FENCE = re.compile(r"\\(?:left|right|middle)(?![A-Za-z])\s*\.?")


def typeset(latex: str, display: bool = False) -> str | None:
    r"""The formula as any TeX engine sets it between \( \) or \[ \]; None if that cannot be promised.

    Environments that are displays of their own become parts of one; fences that do not match become plain delimiters.
    """
    for attempt in (latex, _FENCE.sub("", latex)):
        try:
            return Setter(attempt, display).whole()
        except Unfit:
            continue
    return None
