"""pyproject.toml, requirements.txt and environment.yml say the same thing."""

import re
import tomllib
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCK = (ROOT / "requirements.txt").read_text()
PINNED = [
    Requirement(line.rstrip(" \\")) for line in LOCK.splitlines() if re.match("[a-z0-9]", line)
]
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text())


def test_every_dependency_is_locked_within_its_range() -> None:
    wanted = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]
    for requirement in map(Requirement, wanted):
        versions = [str(p.specifier)[2:] for p in PINNED if p.name == requirement.name]
        assert versions, f"{requirement.name} is not in requirements.txt: run `make lock`"
        for version in versions:
            assert requirement.specifier.contains(version), f"{requirement} is locked at {version}"


def test_numbers_come_from_one_version_whatever_the_python() -> None:
    for name in [
        "numpy",
        "pandas",
        "scipy",
        "statsmodels",
        "pyarrow",
        "altair",
        "vl-convert-python",
    ]:
        assert len([p for p in PINNED if p.name == name]) == 1, f"{name} is locked more than once"


def test_every_version_is_pinned_with_hashes_and_no_index_is_named() -> None:
    assert all(re.fullmatch(r"==[^,*]+", str(p.specifier)) for p in PINNED)
    blocks = re.split(r"\n(?=[a-z0-9])", LOCK.strip())
    assert all("--hash=sha256:" in block for block in blocks)
    assert not re.search(r"https?://|--index|--extra-index|--find-links|file:", LOCK)


def test_conda_takes_python_and_pip_only_and_the_rest_from_the_lock() -> None:
    python, pip, section = CONDA["dependencies"]
    version = Version(python.removeprefix("python="))
    assert SpecifierSet(PROJECT["requires-python"]).contains(version)
    assert pip == "pip"
    assert section == {"pip": ["-r requirements.txt"]}
