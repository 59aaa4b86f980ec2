"""posology makes a drug label executable: a patient's record in, one cited answer out."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from posology.version import VERSION as __version__

if TYPE_CHECKING:
    from posology.api import (
        Edition,
        Site,
        answer_question,
        decide,
        load_bundle,
        load_edition,
        lysis,
        order,
        plan,
        verify,
        vod,
    )

__all__ = [
    "Edition",
    "Site",
    "__version__",
    "answer_question",
    "decide",
    "load_bundle",
    "load_edition",
    "lysis",
    "order",
    "plan",
    "verify",
    "vod",
]


def __getattr__(name: str) -> Any:
    """Public names are imported when first asked for, so that `import posology` costs nothing."""
    if name in __all__:
        return getattr(import_module("posology.api"), name)
    raise AttributeError(f"module 'posology' has no attribute {name!r}")


class _Public(ModuleType):
    """Three packages share their name with a public function; importing them must not hide the function."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in __all__ and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Public
