"""What became of a run, for machines and for the exit code. Knows no terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from vary_cli import __version__
from vary_cli.convert import Model
from vary_cli.convert.jobs import Job
from vary_cli.document import PageText
from vary_cli.errors import PartialError, VaryError

SCHEMA = 1
"""Raised when a field changes its meaning or goes; fields may be added."""


def verdict(jobs: Sequence[Job], strict: bool) -> VaryError | None:
    """The error that a run ends with, if any. A lone input's failure is its own; among several it is a partial one."""
    errors = [job.error for job in jobs if job.error is not None]
    pages = [page for job in jobs for page in job.pages]
    failed = sum(page.finish == "failed" for page in pages)
    if errors and len(errors) == len(jobs):
        return errors[0] if len(jobs) == 1 else several(errors)
    if errors or failed:
        lost = f"{failed} of {len(pages)} pages and {len(errors)} of {len(jobs)} documents failed"
        return PartialError(lost, "all others are written; --report FILE lists them")
    warned = sum(bool(page.warnings) for page in pages) + sum(bool(job.warnings) for job in jobs)
    if strict and warned:
        return PartialError(f"there are {warned} warnings, and --strict takes none", code="warnings")
    return None


def several(errors: Sequence[VaryError]) -> VaryError:
    """The error of a run in which no document could be read: the class that they share, else that of all."""
    kind = type(errors[0]) if len({type(error) for error in errors}) == 1 else PartialError
    return kind(f"none of the {len(errors)} documents could be read", errors[0].hint)


def report(jobs: Sequence[Job], model: Model, exit_code: int, seconds: float) -> dict[str, Any]:
    """The run as data."""
    return {
        "schema": SCHEMA,
        "vary": __version__,
        "model": {key: str(getattr(model, key)) for key in ("name", "revision", "device", "dtype")},
        "exit_code": exit_code,
        "seconds": round(seconds, 3),
        "documents": [document(job) for job in jobs],
    }


def document(job: Job) -> dict[str, Any]:
    """One input as data."""
    return {
        "source": job.input.name,
        "target": None if job.target.path is None else str(job.target.path),
        "status": status(job),
        "error": job.error and {"code": job.error.code, "message": job.error.message, "hint": job.error.hint},
        "sha256": job.provenance.get("sha256"),
        "warnings": list(job.warnings),
        "pages": [page_fields(page) for page in (job.document.pages if job.written else job.pages)],
    }


def status(job: Job) -> str:
    """What became of a job, in a word."""
    if job.target.skipped:
        return "skipped"
    if not job.written:
        return "failed"
    return "partial" if job.document.failed else "done"


def page_fields(page: PageText) -> dict[str, Any]:
    """One page as data, without its text."""
    return {
        "number": page.number,
        "label": page.label,
        "finish": page.finish,
        "code": page.code,
        "method": page.method,
        "score": round(page.score, 4),
        "seconds": round(page.seconds, 3),
        "account": vars(page.account),
        "characters": len(page.text),
        "warnings": list(page.warnings),
    }
