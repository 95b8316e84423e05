"""Look at this machine: Python, packages, devices, memory, models, fonts."""

from __future__ import annotations

import json
import os
import platform
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import click

from vary_cli import config
from vary_cli.cli import versions
from vary_cli.console import printable
from vary_cli.errors import DependencyError

OPTIONAL = {
    "accelerate": "vary finetune",
    "peft": "vary finetune --adapter",
    "fonttools": "vary data make pages",
    "matplotlib": "vary finetune, vary data make charts",
    "pyecharts": "vary data make echarts",
    "rapidfuzz": "vary finetune, vary evaluate",
    "tensorboard": "vary finetune --tensorboard",
    "ray": "many machines",
}
"""Packages that only some commands need."""
PROGRAMS = {"lualatex": "vary data make latex", "xelatex": "vary data make latex", "node": "vary data make echarts"}
"""Programs that only some commands need."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    name: str
    found: bool
    detail: str
    needed: bool = False
    """Nothing can be converted without it."""


@click.command(
    epilog="""\b
Examples:
  vary doctor
  vary doctor --json"""
)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def command(as_json: bool) -> None:
    """Look at this machine: Python, packages, devices, memory, models, fonts. Changes nothing."""
    found = list(findings())
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in found], ensure_ascii=False, indent=2))
    else:
        width = max(len(finding.name) for finding in found)
        for finding in found:
            mark = "ok" if finding.found else "MISSING" if finding.needed else "-"
            click.echo(f"{mark:8}{finding.name:{width}}  {printable(finding.detail)}")
    missing = [finding.name for finding in found if finding.needed and not finding.found]
    if missing:
        raise DependencyError(f"missing: {', '.join(missing)}", "install vary anew: pip install vary-cli")


def findings() -> Iterator[Finding]:
    """Everything that is looked at."""
    yield Finding("system", True, f"{platform.platform()}, {os.cpu_count()} CPUs, memory {memory()}")
    basis = [
        Finding(name, version is not None, version or "missing", needed=True) for name, version in versions().items()
    ]
    yield from basis
    yield from optional()
    if all(finding.found for finding in basis):
        yield from devices()
        yield from models()
    yield from fonts()
    for path in config.files():
        yield Finding("settings", True, str(path.absolute()))


def memory() -> str:
    """Memory of the machine; of what is free only Linux tells."""
    if "SC_PHYS_PAGES" not in getattr(os, "sysconf_names", {}):
        return "an unknown amount"
    page = os.sysconf("SC_PAGE_SIZE")
    free = f", {size(page * os.sysconf('SC_AVPHYS_PAGES'))} of it free" if "SC_AVPHYS_PAGES" in os.sysconf_names else ""
    return f"{size(page * os.sysconf('SC_PHYS_PAGES'))}{free}"


def size(count: float) -> str:
    """Bytes for people."""
    return f"{count / 2**30:.1f} GiB"


def optional() -> Iterator[Finding]:
    """Packages and programs that some commands need."""
    from importlib import metadata

    for name, use in OPTIONAL.items():
        present = any(True for _ in metadata.distributions(name=name))
        yield Finding(name, present, metadata.version(name) if present else f"not installed; for {use}")
    for name, use in PROGRAMS.items():
        yield Finding(name, shutil.which(name) is not None, shutil.which(name) or f"not found; for {use}")


def devices() -> Iterator[Finding]:
    """What a network can run on."""
    from vary_cli.model.devices import present

    for name, detail in present():
        yield Finding(name, True, detail)


def models() -> Iterator[Finding]:
    """Models that are on this machine."""
    from vary_cli.model.find import models

    for listed in models():
        where = str(listed.path) if listed.path else f"not on this machine: {listed.spec.get}"
        yield Finding(listed.spec.name, listed.path is not None, where)


def fonts() -> Iterator[Finding]:
    """What text can be drawn with."""
    from vary_cli.data.fonts import SYSTEM, found

    faces = found(SYSTEM)
    families = len({face.family for face in faces})
    yield Finding(
        "fonts", bool(faces), f"{len(faces)} files of {families} families; vary data make pages draws with them"
    )
