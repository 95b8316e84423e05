"""Formulas in one spelling, for models: what looks the same is written the same, and tokens stand apart.

`spelled` leads there from LaTeX that `typeset` has passed, `written` leads back. Sizes of fences, spaces and styles
that a picture hardly shows are left out; an argument of one token has no braces; what is lowered stands before what
is raised.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from vary_cli.formula import commands, signs
from vary_cli.formula.alike import TALL, alike
from vary_cli.formula.tokens import Tokens, Unfit

SAME = {
    "\\le": "\\leq",
    "\\ge": "\\geq",
    "\\ne": "\\neq",
    "\\to": "\\rightarrow",
    "\\gets": "\\leftarrow",
    "\\land": "\\wedge",
    "\\lor": "\\vee",
    "\\lnot": "\\neg",
    "\\iff": "\\Longleftrightarrow",
    "\\colon": ":",
    "\\implies": "\\Longrightarrow",
    "\\impliedby": "\\Longleftarrow",
    "\\owns": "\\ni",
    "\\ast": "*",
    **dict.fromkeys(("\\dots", "\\dotsc", "\\dotso"), "\\ldots"),
    **dict.fromkeys(("\\dotsb", "\\dotsm", "\\dotsi"), "\\cdots"),
    **dict.fromkeys(("\\vert", "\\lvert", "\\rvert", "\\mid"), "|"),
    **dict.fromkeys(("\\Vert", "\\lVert", "\\rVert", "\\parallel"), "\\|"),
    "\\lbrace": "\\{",
    "\\rbrace": "\\}",
    "\\lbrack": "[",
    "\\rbrack": "]",
    "\\prime": "'",
    "\\emptyset": "\\varnothing",
    "\\dfrac": "\\frac",
    "\\tfrac": "\\frac",
    "\\cfrac": "\\frac",
    "\\dbinom": "\\binom",
    "\\tbinom": "\\binom",
    "\\qquad": "\\quad",
    "\\bm": "\\boldsymbol",
    "\\pmb": "\\boldsymbol",
    "\\textrm": "\\text",
    "\\mbox": "\\text",
    "\\textnormal": "\\text",
    "\\operatorname*": "\\operatorname",
}
"""Commands of one look."""
UNSEEN = (
    commands.SPACES
    | commands.IGNORED
    | {f"\\{name}" for name in commands.SIZES}
    | {"~", "\\displaystyle", "\\textstyle", "\\scriptstyle", "\\scriptscriptstyle", "\\enspace", "\\thinspace"}
)
"""What a picture hardly shows."""
SCRIPTS = ("^", "_", "'")
ALIGNED = ("aligned", "gathered")
"""Environments that show nothing but how their rows stand below each other."""
WORDED = {f"\\{name}" for name in commands.WORDS} | {"\\operatorname", "\\mathrm"}
ONE_WORD = commands.NAMED - {"liminf", "limsup"}
"""Names that look the same as a command's and as an operator's: \\max and \\mathrm{max}."""
ESCAPED = frozenset("{}%#&$_")
"""Characters that stand behind a backslash."""
_OPENING, _CLOSING = frozenset(["(", "[", "\\{", "{"]), frozenset([")", "]", "\\}", "}"])
_LETTER = re.compile(r"[A-Za-z]")
_CONTROL = re.compile(r"\\[A-Za-z]+$")


def spelled(latex: str) -> str | None:
    """A formula that `typeset` has passed in its one spelling; None if it has none."""
    speller = Speller(latex)
    try:
        row = speller.row()
    except Unfit:
        return None
    return alike(row) if row and not speller.tokens else None


def sign(char: str) -> str | None:
    """One character of a formula in its one spelling; None if formulas cannot have it."""
    if char in ESCAPED:
        return f"\\{char}"
    said = char if char.isascii() else signs.in_math(char)
    return None if said is None else SAME.get(said, said)


def written(spelling: str) -> str:
    """A spelling as people type it: blanks only where they are needed, braces around scripts of one command.

    A bar that has no partner stands between two things.
    """
    said = ""
    tokens = re.findall(r"\\(?:text\w*|mathrm)\{[^{}]*\}|\S+", spelling)
    lone = _lone_bars(tokens)
    for i, token in enumerate(tokens):
        shown = "\\mid" if i in lone else token
        said += " " if _CONTROL.search(said) and _LETTER.match(shown) else ""
        said += shown
    return re.sub(r"([_^])(\\[A-Za-z]+)(?![A-Za-z{])", r"\1{\2}", said)


def _lone_bars(tokens: Sequence[str]) -> set[int]:
    """Which tokens are the only bar in their brackets, with something on both sides."""
    lone: set[int] = set()
    open_: list[list[int]] = [[]]
    for i, token in enumerate(tokens):
        if _bracket(token) in _OPENING:
            open_.append([])
        elif _bracket(token) in _CLOSING and len(open_) > 1:
            lone |= _lone_bar(open_.pop(), tokens)
        elif token == "|":
            open_[-1].append(i)
    return lone.union(*(_lone_bar(bars, tokens) for bars in open_))


def _lone_bar(bars: Sequence[int], tokens: Sequence[str]) -> set[int]:
    """The bar of a pair of brackets, if it is alone and stands between."""
    if len(bars) != 1 or not 0 < bars[0] < len(tokens) - 1:
        return set()
    before, after = _bracket(tokens[bars[0] - 1]), _bracket(tokens[bars[0] + 1])
    return set() if before in _OPENING or after in _CLOSING or after in "_^" else {bars[0]}


def _bracket(token: str) -> str:
    return token.removeprefix("\\left").removeprefix("\\right")


class Speller(Tokens):
    """Takes a formula apart and gives its tokens in their one order. Raises Unfit."""

    def row(self, *ends: str) -> list[str]:
        """The tokens up to one of the ends, which is left standing."""
        said: list[str] = []
        while self.tokens and self.peek() not in ends:
            if self.peek() in SCRIPTS:
                said += self.scripts()
            else:
                said += self.item()
        return said

    def scripts(self) -> list[str]:
        """What is lowered, then what is raised."""
        low: list[str] = []
        high: list[str] = []
        while self.is_scripted():
            self.skip_blanks()
            mark = self.take()
            if mark == "'":
                high.append("'")
                continue
            part = self.argument()
            held = low if mark == "_" else high
            if held and held[-1] != "'":
                raise Unfit
            held += part if part and set(part) == {"'"} else [mark, *braced(part)]
        return low + high

    def is_scripted(self) -> bool:
        """Whether a script comes next, perhaps behind a blank."""
        coming = self.tokens[-2:-1] if self.peek().isspace() else self.tokens[-1:]
        return bool(coming) and coming[0] in SCRIPTS

    def argument(self) -> list[str]:
        """A group or one item."""
        self.skip_blanks()
        if self.peek() == "{":
            return self.group()
        return self.item()

    def group(self) -> list[str]:
        """What stands in braces, without them."""
        self.expect("{")
        said = self.row("}")
        self.expect("}")
        return said

    def item(self) -> list[str]:
        """One group, command or character. Braces show nothing, unless a script stands at them."""
        if self.peek() == "{":
            said = self.group()
            return ["{", *said, "}"] if len(said) > 1 and self.is_scripted() else said
        token = self.take()
        if token.isspace() or token in UNSEEN:
            return []
        token = SAME.get(token, token)
        name = token[1:]
        if token in WORDED:
            return [self.word(token)]
        if token == "\\left":
            return self.fenced()
        if token == "\\begin":
            return self.environment()
        if token[0] == "\\" and name in commands.ARGUMENTS:
            return self.applied(token, commands.ARGUMENTS[name])
        return [token]

    def applied(self, token: str, count: int) -> list[str]:
        """A command with its arguments, each in braces."""
        said = [token]
        self.skip_blanks()
        if token == "\\sqrt" and self.peek() == "[":
            self.take()
            said += ["[", *self.row("]"), "]"]
            self.expect("]")
        for _ in range(count):
            said += ["{", *self.argument(), "}"]
        return said

    def word(self, token: str) -> str:
        """Words, by the command that is usual for them."""
        words = self.words()
        if token in ("\\textbf", "\\textit", "\\texttt", "\\textsf"):
            return f"{token}{{{words}}}"
        if words in ONE_WORD:
            return f"\\{words}"
        return f"\\{'mathrm' if words.isascii() and words.isalnum() else 'text'}{{{words}}}"

    def words(self) -> str:
        """The words in braces, as they are."""
        self.expect("{")
        said, depth = "", 1
        while depth:
            token = self.take()
            depth += {"{": 1, "}": -1}.get(token, 0)
            said += token if token not in "{}" else ""
        return said

    def fenced(self) -> list[str]:
        """A fence that grows is told from one that does not."""
        left = self.delimiter()
        said = self.row("\\right")
        self.expect("\\right")
        right = self.delimiter()
        if any(map(TALL.match, said)) or "." in (left, right):
            return [f"\\left{left}", *said, f"\\right{right}"]
        return [left, *said, right]

    def delimiter(self) -> str:
        """What a fence is made of."""
        self.skip_blanks()
        token = self.take()
        return SAME.get(token, token)

    def environment(self) -> list[str]:
        """From \\begin to \\end, rows and cells parted by their marks; what is aligned with nothing is told without."""
        name = self.words()
        shape = f"{{{self.words()}}}" if name == "array" else ""
        said = self.row("\\end")
        self.expect("\\end")
        if self.words() != name:
            raise Unfit
        while said[-1:] == ["\\\\"]:
            said.pop()
        if name in ALIGNED and not any(token == "\\\\" or token.startswith("\\begin") for token in said):
            return [token for token in said if token != "&"]
        return [f"\\begin{{{name}}}{shape}", *said, f"\\end{{{name}}}"]


def braced(part: list[str]) -> list[str]:
    """A script in braces, unless it is one token."""
    return part if len(part) == 1 else ["{", *part, "}"]
