"""Speed is measured only when asked for (`make bench`): a busy machine would fail honest code."""

import compileall
import os
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "clear_helpers"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "benchmark: speed, run by `make bench` (CLEAR_BENCH=1)")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if os.environ.get("CLEAR_BENCH") == "1":
        return
    skip = pytest.mark.skip(reason="speed is measured by `make bench` (CLEAR_BENCH=1)")
    for item in items:
        if item.get_closest_marker("benchmark"):
            item.add_marker(skip)


@pytest.fixture(scope="session", autouse=True)
def compiled() -> None:
    """Compiled bytecode first, so that no measurement holds the price of compiling."""
    if os.environ.get("CLEAR_BENCH") == "1":
        compileall.compile_dir(PACKAGE, quiet=2)
