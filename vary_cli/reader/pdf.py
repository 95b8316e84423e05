"""A PDF, rendered page by page in a child process that may hang or crash: then only its page fails.

PyMuPDF itself is never seen here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PIL import Image

from vary_cli.document import FailedPage, PageImage
from vary_cli.errors import EncryptedError, InputError
from vary_cli.reader import wire
from vary_cli.reader.limits import Limits
from vary_cli.reader.origin import Origin
from vary_cli.reader.worker import Lost, Worker

REPAIRED = "the file is damaged; it was repaired as far as possible"


@dataclass(frozen=True)
class Wish:
    """What is wanted of a PDF's pages."""

    dpi: float = 200
    password: str | None = None
    layer: bool = True
    analyse: bool = True


class Pdf:
    """The pages of a PDF. Making it opens the document and raises InputError or EncryptedError."""

    def __init__(self, origin: Origin, wish: Wish, limits: Limits) -> None:
        self._origin = origin
        self._wish = wish
        self._limits = limits
        self._asked: deque[int] = deque()
        self.warnings: list[str] = []
        self._worker: Worker | None
        self._worker, opened = self._start()
        self.count = opened.count
        self.labels = opened.labels or tuple(str(number) for number in range(1, opened.count + 1))
        self.title = opened.title
        self._warn("", opened.repaired, opened.warnings)

    def read(self, numbers: Sequence[int]) -> Iterator[PageImage | FailedPage]:
        """The pages of these numbers, in this order; the child works up to `limits.ahead` pages ahead of the caller."""
        if self._asked:
            self.close()
        todo, asked = deque(numbers), deque[int]()
        self._asked = asked
        try:
            while todo or asked:
                page = self._step(todo, asked)
                if page is not None:
                    yield page
                if asked is not self._asked:
                    raise RuntimeError(f"{self._origin.name} was closed or read anew while this pass was under way")
        finally:
            if asked is self._asked:
                self.close()

    def close(self) -> None:
        """End the child. Reading again starts another."""
        self._asked = deque()
        self._drop()

    def _step(self, todo: deque[int], asked: deque[int]) -> PageImage | FailedPage | None:
        """The next page; None if the child was lost through no fault of that page's."""
        if self._worker is None:
            try:
                self._worker, _ = self._start()
            except InputError as error:
                return self._failed(todo.popleft(), error)
        while todo and len(asked) <= self._limits.ahead:
            self._worker.ask(todo[0])
            asked.append(todo.popleft())
        try:
            answer, pixels = self._worker.answer(self._limits.page_timeout)
        except Lost as loss:
            return self._after(loss, todo, asked)
        return self._page(asked.popleft(), answer, pixels)

    def _after(self, loss: Lost, todo: deque[int], asked: deque[int]) -> FailedPage | None:
        """Put back what was asked. A crash is blamed on a page only if a fresh child crashes on it as well."""
        todo.extendleft(reversed(asked))
        asked.clear()
        answered = self._drop()
        if answered > 1 and not loss.hung:
            return None
        number = todo.popleft()
        hint = "a lower --dpi is faster" if loss.hung else "print it to a new PDF"
        code = "page_timeout" if loss.hung else "page_crashed"
        return self._failed(number, InputError(f"{self._origin.name}: page {number} {loss}", hint, code))

    def _page(self, number: int, answer: object, pixels: bytes) -> PageImage | FailedPage:
        """A page from the child's answer."""
        if isinstance(answer, wire.Failed):
            message = f"{self._origin.name}: page {number} cannot be rendered: {answer.detail}"
            return self._failed(number, InputError(message, "print it to a new PDF", "page_damaged"))
        assert isinstance(answer, wire.Rendered)
        self._warn(f"page {number}: ", answer.repaired, answer.warnings)
        image = Image.frombytes("RGB", (answer.width, answer.height), pixels)
        return PageImage(number, self.labels[number - 1], image, answer.size, answer.layer)

    def _failed(self, number: int, error: InputError) -> FailedPage:
        return FailedPage(number, self.labels[number - 1], error)

    def _warn(self, where: str, repaired: bool, warnings: Sequence[str]) -> None:
        if repaired and REPAIRED not in self.warnings:
            self.warnings.append(REPAIRED)
        self.warnings.extend(where + warning for warning in warnings)

    def _drop(self) -> int:
        """End the child; how many answers it had given."""
        worker, self._worker = self._worker, None
        if worker is None:
            return 0
        worker.end()
        return worker.answered

    def _start(self) -> tuple[Worker, wire.Opened]:
        """A child that has opened the document. Raises InputError."""
        worker = Worker(self._order(), self._origin.place if isinstance(self._origin.place, bytes) else b"")
        try:
            answer, _ = worker.answer(self._limits.open_timeout)
        except Lost as loss:
            answer = wire.Refused("damaged", f"it {loss}")
        if isinstance(answer, wire.Opened):
            return worker, answer
        worker.end()
        assert isinstance(answer, wire.Refused)
        raise refusal(self._origin.name, answer)

    def _order(self) -> wire.Order:
        wish, limits, place = self._wish, self._limits, self._origin.place
        path = None if isinstance(place, bytes) else str(place.absolute())
        return wire.Order(
            *(path, wish.password, wish.dpi, wish.layer, wish.analyse),
            *(limits.page_timeout, limits.open_timeout, limits.memory, limits.pixels, limits.pages),
        )


def refusal(name: str, refused: wire.Refused) -> InputError:
    """The error of a PDF that was not opened."""
    password = "give its password: --password-file FILE"
    match refused.reason:
        case "encrypted":
            return EncryptedError(f"{name} is encrypted", password)
        case "wrong_password":
            return EncryptedError(f"the password does not open {name}", password, "password_wrong")
        case "no_pages":
            return InputError(f"{name} has no pages", "fetch or save it again", "input_no_pages")
        case "too_long":
            return InputError(f"{name} has {refused.detail} pages, more than vary reads", "split it", "input_too_long")
        case _:
            message = f"{name} is damaged and cannot be opened: {refused.detail}"
            return InputError(message, "fetch or save it again", "input_damaged")
