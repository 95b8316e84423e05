"""A folder is a registry: a module's name is the thing's name. Nothing is imported before it is asked for."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

from vary_cli.errors import UsageError


def names(package: str) -> list[str]:
    """Names of the plug-ins in a package: names('vary_cli.formats') -> ['html', 'json', ...]."""
    paths = importlib.import_module(package).__path__
    return sorted(module.name for module in pkgutil.iter_modules(paths))


def load(package: str, name: str) -> ModuleType:
    """The plug-in of that name; '-' and '_' are the same. Raises UsageError that lists the known ones."""
    known = names(package)
    module = name.replace("-", "_")
    if module not in known:
        kind = package.rsplit(".", 1)[-1]
        raise UsageError(f"{name!r} is not one of the {kind}", f"known: {', '.join(known)}")
    return importlib.import_module(f"{package}.{module}")
