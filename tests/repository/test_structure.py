"""The house: arrows between rooms point one way, and what documents name is there."""

import ast
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "clear_helpers"
FOUNDATION = {"course", "files", "notices"}
MAY_IMPORT = {
    "methods": set(),
    "governance": set(),
    "charts": {"methods", "files", "notices"},
    "explore": {"charts", "methods", "notices"},
    "pcn": {"methods", "governance"} | FOUNDATION,
    "portfolio": {"charts", "governance"} | FOUNDATION,
    "classroom": {"pcn", "portfolio"} | FOUNDATION,
    "headless": FOUNDATION,
    "doctor": FOUNDATION,
    "cli": {"classroom", "doctor", "headless", "pcn"} | FOUNDATION,
    "course": {"notices"},
    "files": set(),
    "notices": set(),
}
DOCUMENTS = [
    *(ROOT / name for name in ["README.md", "CONTRIBUTING.md"]),
    ROOT / "course" / "handbook.md",
    *(ROOT / "weeks").glob("*.md"),
    *(ROOT / "weeks").rglob("*.ipynb"),
    *(ROOT / "datasets").rglob("*.md"),
]


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names = [node.module]
            if node.module == "clear_helpers":
                names = [f"clear_helpers.{alias.name}" for alias in node.names]
        found |= {name.split(".")[1] for name in names if name.startswith("clear_helpers.")}
    return found


@pytest.mark.parametrize("name", sorted(MAY_IMPORT))
def test_arrows_between_rooms_point_one_way(name: str) -> None:
    modules = [p for p in PACKAGE.rglob("*.py") if room(p) == name]
    assert modules
    for path in modules:
        beyond = imported_rooms(path) - {name} - MAY_IMPORT[name]
        assert not beyond, f"{path.relative_to(ROOT)} imports {beyond}"


def test_every_room_is_in_the_plan() -> None:
    rooms = {room(path) for path in PACKAGE.rglob("*.py")} - {"__init__"}
    assert rooms == set(MAY_IMPORT)


def test_links_of_the_bundles_readme_lead_somewhere() -> None:
    """It is written in course/, and is README.md at the top of the bundle."""
    text = (ROOT / "course" / "associates_readme.md").read_text(encoding="utf-8")
    for target in re.findall(r"\]\(((?:weeks|datasets)/[^)]+)\)", text):
        assert (ROOT / target).exists(), target


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        text = "\n".join("".join(c["source"]) for c in json.loads(text)["cells"])
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if not target.startswith(("http:", "https:", "mailto:")):
            assert (path.parent / target).exists(), f"{path.name} links to {target}"


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
def test_make_alone_lists_every_target() -> None:
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    makefile = (ROOT / "Makefile").read_text()
    targets = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert targets
    for target in set(targets[1].split()) - {"lint"}:
        assert re.search(rf"^  {target} ", listed, re.MULTILINE), target
