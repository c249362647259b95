"""A PCN as its tables, kept in Parquet files; and where the synthetic one is kept.

A folder holds one Parquet file for each table and ``manifest.json``, which says what made
it and what it should contain. The synthetic PCN is made on first use under
``datasets/synthetic/`` of the course.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import time
import warnings
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from filelock import FileLock

from ..course import find_course
from ..notices import Notice
from .model import TABLES, Table
from .synthesis import GENERATED, GENERATOR_VERSION, Synthesis

PATIENTS = 36_000
REGION = "North West"
SEED = 2021
MANIFEST = "manifest.json"
MANIFEST_FORMAT = 1
EXAMPLE_LABEL = "Larkmoor example (synthetic)"

Progress = Callable[[str, int, int], None]
"""Called with the name of a table, how many tables are done, and how many there will be."""


class DataError(Notice):
    """Data could not be read; the message says which file, what is wrong, and what to do."""


class PCN:
    """One Primary Care Network: its tables as attributes, read on first touch.

    ``pcn.patient`` is a DataFrame in the types of the data model. Each touch hands out a new
    DataFrame that shares its values with the one kept here; pandas copies them when they are
    first written to, so nothing done to it reaches the next reader.

    Made by :func:`load_pcn` and :func:`synthesise_pcn`.

    Parameters
    ----------
    read
        Gives the table of a name.
    tables
        Names it can give.
    name
        The PCN's name, such as ``"Larkmoor PCN"``.
    origin
        ``"synthetic"`` or ``"extract"``.
    seed
        Seed of a synthetic PCN; None for an extract.
    example
        Gives the PCN whose tables stand in for those that are missing; None for no stand-in.
    details
        Further facts to write to the manifest.
    """

    def __init__(
        self,
        read: Callable[[str], pd.DataFrame],
        tables: Iterable[str],
        *,
        name: str,
        origin: str,
        seed: int | None = None,
        example: Callable[[], PCN] | None = None,
        details: dict[str, Any] | None = None,
    ) -> None:
        self.name, self.origin, self.seed = name, origin, seed
        self.details = details or {}
        self._read, self._own = read, tuple(tables)
        self._example = example
        self._kept: dict[str, pd.DataFrame] = {}

    @property
    def tables(self) -> list[str]:
        """Names of the tables that can be read, in the order of the data dictionary."""
        there = {*self._own, *(GENERATED if self._example else ())}
        return [name for name in TABLES if name in there]

    def source(self, table: str) -> str:
        """Where a table's figures come from, to print under a chart.

        ``"Larkmoor example (synthetic)"``, or the name of the PCN and what it is.
        """
        if table not in self._own and self._example:
            return EXAMPLE_LABEL
        if self.origin == "synthetic":
            return f"{self.name.removesuffix(' PCN')} example (synthetic)"
        return f"{self.name} (own extract)"

    def __getattr__(self, table: str) -> pd.DataFrame:
        if table.startswith("_"):
            raise AttributeError(table)
        return self._table(table)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.tables]

    def __repr__(self) -> str:
        return f"<{self.name}, {self.origin}: {', '.join(self.tables)}>"

    def _table(self, name: str) -> pd.DataFrame:
        if name not in self._kept:
            if name in self._own:
                self._kept[name] = TABLES[name].validate(self._read(name), self.name)
            elif self._example and name in GENERATED:
                self._kept[name] = getattr(self._example(), name)
            else:
                raise AttributeError(self._absent(name))
        return self._kept[name].copy(deep=False)

    def _absent(self, name: str) -> str:
        there = f"{self.name} has these tables: {', '.join(self.tables)}."
        if name in TABLES:
            why = "no extract was given" if self.origin == "extract" else "it is not generated yet"
            return f"Table {name!r} is in the data model, but {why}. {there}"
        return f"There is no table {name!r}. {there}"

    def cohort(self, slug: str) -> pd.Series:
        """The patients of a cohort, as a Series of patient_id; rules in datasets/cohorts.yml."""
        from .cohorts import select

        return select(slug, self._table)

    def checksum(self, table: str) -> str:
        """Checksum of a table's content: the same whatever wrote the file, and on any machine."""
        return content_checksum(getattr(self, table), TABLES[table])

    def checksums(self) -> dict[str, str]:
        """Checksum of every table of its own."""
        return {name: self.checksum(name) for name in TABLES if name in self._own}

    def save(self, folder: Path, progress: Progress | None = None) -> None:
        """Write every table of its own as Parquet, and the manifest last.

        Parameters
        ----------
        folder
            Made if it is not there. A file of the same name is replaced whole.
        progress
            Called after each table.

        Raises
        ------
        DataError
            If the folder cannot be written to.
        """
        folder = Path(folder)
        contents: dict[str, dict[str, Any]] = {}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for done, name in enumerate(self._own, start=1):
                frame = getattr(self, name)
                size = _write(frame, folder / f"{name}.parquet")
                contents[name] = {
                    "rows": len(frame),
                    "bytes": size,
                    "checksum": content_checksum(frame, TABLES[name]),
                }
                if progress:
                    progress(name, done, len(self._own))
            manifest = {
                "format": MANIFEST_FORMAT,
                "name": self.name,
                "origin": self.origin,
                "seed": self.seed,
                **self.details,
                "tables": contents,
            }
            text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
            _replace(folder / MANIFEST, lambda path: path.write_text(text, encoding="utf-8"))
        except OSError as error:
            raise DataError(
                f"{folder}: cannot be written to ({error.strerror or error})."
            ) from None


def synthesise_pcn(
    patients: int = PATIENTS,
    *,
    region: str = REGION,
    seed: int = SEED,
    without: Collection[str] = (),
) -> PCN:
    """A synthetic PCN in memory; each table is made when first touched.

    Parameters
    ----------
    patients
        Rows of the patient table: everyone registered at some time in the three years.
    region
        NHS region, which decides the PCN: North West is Larkmoor.
    seed
        Whole number; the same seed gives the same PCN on every machine.
    without
        Hidden things to leave out, by name: see ``clear_helpers.pcn.synthesis.SWITCHES``.

    Raises
    ------
    ValueError
        If an argument is not one of those allowed.
    """
    made = Synthesis(patients, region=region, seed=seed, without=without)
    return PCN(
        made.table,
        GENERATED,
        name=made.name,
        origin="synthetic",
        seed=made.seed,
        details={
            "generator": GENERATOR_VERSION,
            "patients": made.patients,
            "region": region,
            "without": sorted(made.without),
        },
    )


def load_pcn(
    data_dir: Path | None = None,
    *,
    region: str = REGION,
    patients: int = PATIENTS,
    seed: int = SEED,
) -> PCN:
    """The PCN the notebooks work on.

    Parameters
    ----------
    data_dir
        Folder of Parquet tables of your own PCN. Tables that are not there are Larkmoor's,
        labelled as such. None: the synthetic PCN, generated on first use.
    region, patients, seed
        Which synthetic PCN; see :func:`synthesise_pcn`.

    Raises
    ------
    DataError
        If the folder is missing, holds no table, or holds a file that cannot be read.
    """
    if data_dir is None:
        return _synthetic(patients, region, seed)
    folder = Path(data_dir)
    advice = "Give the folder that holds your PCN's tables, or none for the synthetic PCN."
    if not folder.is_dir():
        what = "is a file, not a folder" if folder.exists() else "not found"
        raise DataError(f"{folder}: {what}. {advice}")
    files = {path.stem: path for path in sorted(folder.glob("*.parquet"))}
    if not files:
        what = "holds no Parquet files" if any(folder.iterdir()) else "is empty"
        raise DataError(f"{folder}: {what}. {advice}")
    if unknown := [path.name for name, path in files.items() if name not in TABLES]:
        raise DataError(
            f"{folder / unknown[0]}: not the name of a table. Name each file after a table in "
            f"datasets/README.md, such as patient.parquet."
        )
    for path in files.values():
        _rows(path)
    manifest = _manifest(folder) or {}
    origin = str(manifest.get("origin", "extract"))
    return PCN(
        _Folder(folder),
        files,
        name=str(manifest.get("name", "Your PCN")),
        origin=origin,
        seed=manifest.get("seed"),
        example=_Example(patients, seed),
    )


def generate(
    folder: Path,
    *,
    patients: int = PATIENTS,
    region: str = REGION,
    seed: int = SEED,
    progress: Progress | None = None,
) -> PCN:
    """Make a synthetic PCN and keep it in a folder, whole or not at all.

    Parameters
    ----------
    folder
        Where to keep it. Replaced if it exists, so it must be a folder of generated data.
    patients, region, seed
        See :func:`synthesise_pcn`.
    progress
        Called after each table.

    Raises
    ------
    DataError
        If the folder holds something else, or cannot be written to.
    """
    folder = Path(folder)
    made = synthesise_pcn(patients, region=region, seed=seed)
    if folder.is_dir() and any(
        path.suffix != ".parquet" and path.name != MANIFEST for path in folder.iterdir()
    ):
        raise DataError(f"{folder}: holds other files. Choose an empty or a new folder.")
    with _locked(folder):
        _keep(made, folder, progress)
    return _kept_in(folder, json.loads((folder / MANIFEST).read_text(encoding="utf-8")))


def synthetic_folder(patients: int = PATIENTS, region: str = REGION, seed: int = SEED) -> Path:
    """Where the course keeps a synthetic PCN."""
    name = Synthesis(patients, region=region, seed=seed).name
    slug = name.lower().replace(" ", "-")
    return find_course().root / "datasets" / "synthetic" / f"{slug}-{patients}-{seed}"


def content_checksum(frame: pd.DataFrame, table: Table) -> str:
    """SHA-256 of a table's values, in the order of its rows and of the declared columns.

    Text is taken as UTF-8, times as microseconds since 1970, numbers as 64 bits, lowest byte
    first; so neither the file, nor pandas' own storage, nor the machine matters.
    """
    digest = hashlib.sha256(f"{table.name} {len(frame)}".encode())
    for column in table.columns:
        values = frame[column.name]
        digest.update(f"\n{column.name} {column.kind}\n".encode())
        match column.kind:
            case "text":
                text = pa.array(values, pa.large_string(), from_pandas=True)
                if isinstance(text, pa.ChunkedArray):
                    text = text.combine_chunks()
                lengths = pc.binary_length(text).fill_null(-1).to_numpy(zero_copy_only=False)
                digest.update(lengths.astype("<i8").tobytes())
                digest.update(_letters(text.drop_null()))
            case "category":
                found = values.cat.remove_unused_categories().cat
                words = np.array([*map(str, found.categories), ""], dtype=object)
                order = np.argsort(words[:-1])
                place = np.append(np.argsort(order), -1).astype("<i8")
                digest.update("\n".join(words[:-1][order]).encode() + b"\n")
                digest.update(place[found.codes].tobytes())
            case "whole number":
                digest.update(
                    values.to_numpy(dtype="<i8", na_value=np.iinfo("int64").min).tobytes()
                )
            case "number":
                digest.update((values.to_numpy(dtype="<f8", na_value=np.nan) + 0.0).tobytes())
            case "yes/no":
                digest.update(values.to_numpy(dtype="uint8").tobytes())
            case _:
                times = values.to_numpy().astype("datetime64[us]").astype("<i8")
                digest.update(times.tobytes())
    return digest.hexdigest()


def _letters(text: pa.LargeStringArray) -> bytes:
    """All the text of an array without missing values, end to end, as UTF-8."""
    _, ends, letters = text.buffers()
    if letters is None:
        return b""
    place = np.frombuffer(ends, dtype="int64")[text.offset : text.offset + len(text) + 1]
    return bytes(memoryview(letters)[place[0] : place[-1]])


class _Folder:
    """Reads the tables of one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, name: str) -> pd.DataFrame:
        path = self.folder / f"{name}.parquet"
        try:
            frame = pq.read_table(path, page_checksum_verification=True).to_pandas()
        except (OSError, pa.ArrowException) as error:
            raise _unreadable(path, error) from None
        for column in TABLES[name].columns:
            values = frame.get(column.name)
            # Parquet keeps only the categories in use. Any the model does not know are left
            # for the check to report.
            if (
                values is not None
                and isinstance(values.dtype, pd.CategoricalDtype)
                and set(values.cat.categories) <= set(column.allowed)
            ):
                frame[column.name] = values.cat.set_categories(
                    list(column.allowed), ordered=column.ordered
                )
        return frame


class _Example:
    """Gives Larkmoor, to stand in for tables a team has no extract of."""

    def __init__(self, patients: int, seed: int) -> None:
        self.patients, self.seed = patients, seed

    def __call__(self) -> PCN:
        return _synthetic(self.patients, REGION, self.seed)


def _synthetic(patients: int, region: str, seed: int) -> PCN:
    folder = synthetic_folder(patients, region, seed)
    wanted = {"generator": GENERATOR_VERSION, "patients": patients, "region": region, "seed": seed}
    problem = _problem(folder, wanted)
    if problem:
        with _locked(folder):
            # Another notebook may have made it while this one waited.
            problem = _problem(folder, wanted)
            if problem:
                _make(folder, patients, region, seed, problem)
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    if (patients, region, seed) == (PATIENTS, REGION, SEED):
        _compare(manifest)
    return _kept_in(folder, manifest)


def _make(folder: Path, patients: int, region: str, seed: int, problem: str) -> None:
    started = time.monotonic()
    if folder.exists():
        print(f"{folder.name}: {problem}; making it again.", file=sys.stderr)
    print(
        f"Making the synthetic PCN ({region}, {patients:,} patients, seed {seed}): ",
        end="",
        file=sys.stderr,
        flush=True,
    )
    _keep(
        synthesise_pcn(patients, region=region, seed=seed),
        folder,
        lambda _name, _done, _total: print(".", end="", file=sys.stderr, flush=True),
    )
    print(f" done in {time.monotonic() - started:.0f} s.", file=sys.stderr, flush=True)


def _problem(folder: Path, wanted: dict[str, Any]) -> str:
    """What is wrong with a folder of synthetic data, in a few words; empty when nothing is."""
    if not folder.is_dir():
        return "not there"
    manifest = _manifest(folder)
    if manifest is None or not isinstance(manifest.get("tables"), dict):
        return f"{MANIFEST} is missing or damaged"
    if manifest.get("format") != MANIFEST_FORMAT:
        return "written by another version of the course"
    for key, value in wanted.items():
        if manifest.get(key) != value:
            return f"made with {key} {manifest.get(key)}, not {value}"
    if missing := set(GENERATED) - set(manifest["tables"]):
        return f"{min(missing)} is missing"
    for name, content in manifest["tables"].items():
        path = folder / f"{name}.parquet"
        if not path.is_file():
            return f"{path.name} is missing"
        if path.stat().st_size != content["bytes"]:
            return f"{path.name} is damaged"
        try:
            if _rows(path) != content["rows"]:
                return f"{path.name} is damaged"
        except DataError:
            return f"{path.name} is damaged"
    return ""


def _compare(manifest: dict[str, Any]) -> None:
    """Warn when the default PCN is not the one that everybody else has."""
    path = find_course().root / "datasets" / "checksums.json"
    if not path.exists():
        return
    expected = json.loads(path.read_text(encoding="utf-8"))["tables"]
    found = {name: content["checksum"] for name, content in manifest["tables"].items()}
    if different := [name for name in expected if found.get(name) != expected[name]]:
        warnings.warn(
            f"The synthetic PCN differs from the published one in: {', '.join(different)}. Your "
            "figures will not match other people's. Check that the packages are those of "
            "requirements.txt, delete datasets/synthetic and load again.",
            stacklevel=4,
        )


def _kept_in(folder: Path, manifest: dict[str, Any]) -> PCN:
    return PCN(
        _Folder(folder),
        manifest["tables"],
        name=manifest["name"],
        origin=manifest["origin"],
        seed=manifest["seed"],
        details={key: manifest[key] for key in ("generator", "patients", "region", "without")},
    )


def _keep(made: PCN, folder: Path, progress: Progress | None) -> None:
    """Save in a folder beside the one wanted, then put it in its place."""
    unfinished = folder.with_name(f".{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    made.save(unfinished, progress)
    shutil.rmtree(folder, ignore_errors=True)
    unfinished.replace(folder)


def _locked(folder: Path) -> FileLock:
    """A lock beside the folder, held by one process at a time."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(
            f"{folder.parent}: cannot be written to ({error.strerror}). The synthetic PCN is kept "
            "there; open the course in a folder of your own."
        ) from None
    return FileLock(folder.with_name(f".{folder.name}.lock"))


def _manifest(folder: Path) -> dict[str, Any] | None:
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _rows(path: Path) -> int:
    try:
        return int(pq.read_metadata(path).num_rows)
    except (OSError, pa.ArrowException) as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: Exception) -> DataError:
    return DataError(
        f"{path}: not a readable Parquet file ({str(error).splitlines()[0][:120]}). Delete it and "
        "make or save it again."
    )


def _write(frame: pd.DataFrame, path: Path) -> int:
    table = pa.Table.from_pandas(frame, preserve_index=False)
    _replace(
        path,
        lambda unfinished: pq.write_table(
            table, unfinished, compression="zstd", write_page_checksum=True
        ),
    )
    return path.stat().st_size


def _replace(path: Path, write: Callable[[Path], object]) -> None:
    unfinished = path.with_name(f".{path.name}.unfinished")
    write(unfinished)
    unfinished.replace(path)
