"""Every error that vary raises on purpose. Each has an exit code, a machine code and a hint that says what to do.

VaryError
├── UsageError        2   the command line or a config file contradicts itself
├── InputError        3   an input cannot be read
│   └── EncryptedError    4   it needs a password
├── OutputError       5   the output cannot be written, or exists
├── WeightsError      6   a model is missing, broken or not what it says
├── DeviceError       7   the device is missing or out of memory
├── DependencyError   7   an optional package is needed
├── DataError         3   a data set cannot be used
└── PartialError      8   some pages or files failed; the rest was written
"""

from __future__ import annotations


class VaryError(Exception):
    """Base of all expected failures: `message` says what, `hint` says what to type next."""

    exit_code = 1
    code = "error"

    def __init__(self, message: str, hint: str = "", code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        if code is not None:
            self.code = code


class UsageError(VaryError):
    """The command line or a config file asks for something that cannot be."""

    exit_code = 2
    code = "usage"


class InputError(VaryError):
    """An input is missing, damaged, empty or not a document."""

    exit_code = 3
    code = "input_unreadable"


class EncryptedError(InputError):
    """A PDF needs a password, or the given one is wrong."""

    exit_code = 4
    code = "input_encrypted"


class OutputError(VaryError):
    """An output exists already or cannot be written."""

    exit_code = 5
    code = "output_unwritable"


class WeightsError(VaryError):
    """A model is missing, incomplete or not what it says."""

    exit_code = 6
    code = "weights"


class DeviceError(VaryError):
    """A device is missing, or its memory ran out."""

    exit_code = 7
    code = "device"


class DependencyError(VaryError):
    """An optional package is needed for what was asked."""

    exit_code = 7
    code = "dependency_missing"


class DataError(VaryError):
    """A data set is missing, empty or broken."""

    exit_code = 3
    code = "data"


class PartialError(VaryError):
    """Some pages or files failed; everything else was written."""

    exit_code = 8
    code = "partial"


def raised_at(error: Exception) -> tuple[str, int | None]:
    """Where in the code an error that nobody foresaw was raised: the file's name and the line."""
    import traceback  # here, for every start of vary imports this module
    from pathlib import Path

    place = traceback.extract_tb(error.__traceback__)[-1]
    return Path(place.filename).name, place.lineno
