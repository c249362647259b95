"""Speed is measured only by `make bench`: a busy machine would fail honest code."""

import compileall
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "clear_helpers"


@pytest.fixture(scope="session", autouse=True)
def compiled() -> None:
    """Compiled bytecode first, so that no measurement holds the price of compiling."""
    compileall.compile_dir(PACKAGE, quiet=2)
