"""The examples in the docstrings run and hold."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import analysis

MODULES = [
    module.name
    for module in pkgutil.walk_packages(analysis.__path__, "analysis.")
    if not module.name.endswith(".__main__")
]


@pytest.mark.parametrize("name", ["analysis", *MODULES])
def test_examples(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_public_names_are_there_and_few() -> None:
    assert len(analysis.__all__) <= 40
    assert all(getattr(analysis, name) is not None for name in analysis.__all__)
    assert dir(analysis) == sorted(analysis.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = analysis.nothing
