"""A formula said again in commands that are known. Its grammar: groups, scripts, fences, environments."""

from __future__ import annotations

import re

from vary_cli.formula import commands, signs
from vary_cli.formula.tokens import Tokens, Unfit, aligned, array_shape, character, joined, word

_LENGTH = re.compile(r"-?\d*\.?\d+ ?(?:pt|em|ex|mm|cm|in)")
_MOST_COLUMNS = 30
_DEEPEST = 40


class Setter(Tokens):
    """Reads a formula token by token. Raises Unfit at what cannot be vouched for."""

    def __init__(self, latex: str, display: bool) -> None:
        super().__init__(latex)
        self.hoists_tag = display and self.tokens.count("\\tag") == 1
        self.tag = ""
        self.depth = 0

    def whole(self) -> str:
        """The formula; rows and columns that stand in no environment get one."""
        body, columns, rows = self.cells("", _MOST_COLUMNS)
        if self.tokens:
            raise Unfit
        return aligned(body, columns, rows).strip() + self.tag

    def cells(self, end: str, most: int) -> tuple[str, int, int]:
        """Cells up to a token: what they say, the widest row's columns, the number of rows."""
        rows = [[self.items("&", "\\\\", end)]]
        while self.peek() in ("&", "\\\\"):
            if self.take() == "&":
                rows[-1].append(self.items("&", "\\\\", end))
            else:
                self.skip_row_height()
                rows.append([self.items("&", "\\\\", end)])
        columns = max(map(len, rows))
        if columns > most:
            raise Unfit
        return "\\\\ ".join("&".join(row) for row in rows), columns, len(rows)

    def items(self, *ends: str) -> str:
        """Everything up to one of the tokens, which is left standing."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise Unfit
        said = ""
        scripts: set[str] = set()
        while self.tokens and self.peek() not in ends:
            if self.peek() in ("^", "_", "'"):
                said += self.script(scripts)
                continue
            item = self.item()
            said = joined(said, item)
            if item.strip():
                scripts.clear()
        self.depth -= 1
        return said

    def script(self, scripts: set[str]) -> str:
        """A prime or what is raised or lowered, each once for a nucleus."""
        mark = self.take()
        place = "_" if mark == "_" else "^"
        again = "{}" if place in scripts else ""
        if again:
            scripts.clear()
        scripts.add(place)
        if mark != "'":
            return f"{again}{mark}{{{self.argument()}}}"
        while self.peek() == "'":
            mark += self.take()
        return again + mark

    def argument(self) -> str:
        """What stands in braces, or a single item."""
        self.skip_blanks()
        if self.peek() in ("", "}", "&", "\\\\", "^", "_", "'"):
            raise Unfit
        if self.peek() != "{":
            return self.item()
        return self.group()

    def group(self) -> str:
        """What stands in braces."""
        self.expect("{")
        said = self.items("}")
        self.expect("}")
        return said.strip()

    def item(self) -> str:
        """One group, command or character."""
        token = self.take()
        if token.isspace():
            return " "
        if token == "{":
            self.tokens.append(token)
            return f"{{{self.group()}}}"
        if token[0] == "\\":
            return self.command(token)
        return character(token)

    def command(self, token: str) -> str:
        """A command with all that belongs to it."""
        name = token[1:]
        if token in commands.SPACES or token in commands.ESCAPED:
            return token
        if token in commands.IGNORED:
            return ""
        if name in commands.SPELLINGS:
            self.put_back(f"\\{commands.SPELLINGS[name]}")
            return self.item()
        if name in commands.OPERATORS:
            return token + self.limits()
        if name in commands.SYMBOLS:
            return token
        if name in commands.ARGUMENTS:
            return self.applied(token, commands.ARGUMENTS[name])
        if name in commands.WORDS:
            return f"{token}{{{self.words(token)}}}"
        if name in commands.SIZES:
            return token + self.delimiter()
        return self.structure(name)

    def limits(self) -> str:
        """Where an operator's limits stand, if it is said."""
        self.skip_blanks()
        return self.take() if self.peek() in ("\\limits", "\\nolimits") else ""

    def structure(self, name: str) -> str:
        """A command that shapes what follows it."""
        if name == "left":
            return self.fenced()
        if name == "begin":
            return self.environment()
        if name == "tag":
            return self.tagged()
        if name == "label":
            self.words()
            return ""
        if name == "hspace":
            return self.space()
        raise Unfit

    def applied(self, token: str, arguments: int) -> str:
        """A command with its option, if it has one, and its arguments."""
        option = ""
        self.skip_blanks()
        if self.peek() == "[" and token in ("\\sqrt", "\\xrightarrow", "\\xleftarrow"):
            self.take()
            option = f"[{{{self.items(']')}}}]"
            self.expect("]")
        if token == "\\substack":
            return f"{token}{{{self.stack()}}}"
        if token in commands.CAPITALS:
            return self.capitals(token)
        return token + option + "".join(f"{{{self.argument()}}}" for _ in range(arguments))

    def capitals(self, token: str) -> str:
        """An alphabet that has capitals only; what it lacks is set in another."""
        letters = self.argument()
        return f"{token if letters.isalpha() and letters.isupper() else commands.CAPITALS[token]}{{{letters}}}"

    def stack(self) -> str:
        """Rows in braces."""
        self.expect("{")
        body, _, _ = self.cells("}", 1)
        self.expect("}")
        return body

    def fenced(self) -> str:
        """From \\left to \\right."""
        said = f"\\left{self.delimiter()}"
        while True:
            said = joined(said, self.items("\\right", "\\middle", "&", "\\\\", "}"))
            token = self.take()
            if token not in ("\\right", "\\middle"):
                raise Unfit
            said += token + self.delimiter()
            if token == "\\right":
                return said

    def delimiter(self) -> str:
        """A bracket, bar or arrow."""
        self.skip_blanks()
        token = self.take()
        known = token if token.isascii() else signs.in_math(token)
        if known not in commands.DELIMITERS:
            raise Unfit
        return f"{known} " if known[-1].isalpha() else known

    def environment(self) -> str:
        """From \\begin to \\end."""
        name = self.words().strip()
        inner = commands.DISPLAYS.get(name.rstrip("*"), name)
        self.skip_place()
        most = {"cases": 2, "array": 0}.get(inner, _MOST_COLUMNS)
        shape = ""
        if inner == "array":
            shape, most = array_shape(self.words())
        elif inner and inner not in commands.MATRICES:
            raise Unfit
        body, columns, rows = self.cells("\\end", most)
        self.expect("\\end")
        if self.words().strip() != name:
            raise Unfit
        if inner in ("", "split", "gathered") and (columns > 1 or inner != "gathered"):
            return aligned(body, columns, rows)
        return f"\\begin{{{inner}}}{shape}{body}\\end{{{inner}}}"

    def tagged(self) -> str:
        """The number of an equation: at the end of a display that has one, else in the line."""
        self.skip_star()
        number = self.words().strip()
        if not self.hoists_tag:
            return f"\\qquad\\text{{({number})}}"
        self.tag = f"\\tag{{{number}}}"
        return ""

    def space(self) -> str:
        """A length in braces."""
        self.skip_star()
        length = self.words().strip()
        if not _LENGTH.fullmatch(length):
            raise Unfit
        return f"\\hspace{{{length}}}"

    def words(self, command: str = "") -> str:
        """The words in braces. What they hold between dollars interrupts the command."""
        self.expect("{")
        said = ""
        open_braces = 1
        while open_braces:
            token = self.take()
            open_braces += {"{": 1, "}": -1}.get(token, 0)
            if token == "$" and command:
                said += f"}}{self.items('$')}{command}{{"
                self.expect("$")
            elif token not in "{}":
                said += word(token)
        return said
