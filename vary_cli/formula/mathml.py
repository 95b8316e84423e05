"""A formula as MathML, which browsers show without help. Takes what `typeset` lets through."""

from __future__ import annotations

import html
import re
from xml.etree import ElementTree

from latex2mathml import exceptions
from latex2mathml.converter import convert_to_element

_ENVIRONMENTS = {"aligned": "align*", "gathered": "matrix"}
_REFUSALS = (
    exceptions.NumeratorNotFoundError,
    exceptions.DenominatorNotFoundError,
    exceptions.ExtraLeftOrMissingRightError,
    exceptions.MissingSuperScriptOrSubscriptError,
    exceptions.DoubleSubscriptsError,
    exceptions.DoubleSuperscriptsError,
    exceptions.NoAvailableTokensError,
    exceptions.MissingEndError,
    exceptions.InvalidAlignmentError,
    exceptions.InvalidWidthError,
    exceptions.LimitsMustFollowMathOperatorError,
)


def mathml(latex: str, display: bool = False) -> str | None:
    """The formula as a `math` element; None if a part of it has no place there."""
    try:
        math = convert_to_element(_spelled(latex), display="block" if display else "inline")
    except _REFUSALS:
        return None
    for element in math.iter():
        element.text = html.unescape(element.text or "")
        if re.match(r"\\[A-Za-z]", element.text) or (element.tag == "mi" and element.text == "&"):
            return None
    return ElementTree.tostring(math, encoding="unicode")


def _spelled(latex: str) -> str:
    """The formula in the words of the converter, which knows environments of its own only."""
    named = re.sub(r"\\(begin|end)\{(aligned|gathered)\}", lambda env: f"\\{env[1]}{{{_ENVIRONMENTS[env[2]]}}}", latex)
    return named.replace("\\operatorname*", "\\operatorname")
