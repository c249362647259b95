"""Tables kept in a folder: whole or not at all, and never by halves."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import clear_helpers.pcn as pcn_room
from clear_helpers.pcn import PCN, TABLES, DataError, generate, load_pcn, synthesise_pcn
from clear_helpers.pcn.store import EXAMPLE_LABEL, content_checksum, synthetic_folder

ROOT = Path(__file__).parents[2]
SMALL = {"patients": 600, "seed": 5}


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "syllabus.yml").write_text("", encoding="utf-8")
    monkeypatch.setenv("CLEAR_COURSE", str(tmp_path))
    return tmp_path


@settings(max_examples=2, deadline=None)
@given(st.integers(500, 1_500), st.integers(0, 99))
def test_saved_and_loaded_is_equal(patients: int, seed: int) -> None:
    import tempfile

    made = synthesise_pcn(patients, seed=seed)
    with tempfile.TemporaryDirectory() as folder:
        made.save(Path(folder))
        back = load_pcn(Path(folder))
        assert back.tables == made.tables
        for name in made.tables:
            pd.testing.assert_frame_equal(getattr(back, name), getattr(made, name))
        assert back.checksums() == made.checksums()
        assert (back.name, back.origin, back.seed) == ("Larkmoor PCN", "synthetic", seed)


def test_made_once_then_read(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = load_pcn(**SMALL)
    said = capsys.readouterr().err
    assert "600 patients" in said and "done" in said
    again = load_pcn(**SMALL)
    assert capsys.readouterr().err == ""
    assert again.checksums() == first.checksums() == synthesise_pcn(**SMALL).checksums()
    folder = course / "datasets" / "synthetic" / "larkmoor-pcn-600-5"
    assert folder == synthetic_folder(600, "North West", 5)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    for name in first.tables:
        assert manifest["tables"][name]["rows"] == len(getattr(first, name))
        assert manifest["tables"][name]["checksum"] == first.checksum(name)


def _truncate(folder: Path) -> None:
    path = folder / "appointment.parquet"
    path.write_bytes(path.read_bytes()[:-200])


def _scramble_end(folder: Path) -> None:
    path = folder / "spell.parquet"
    path.write_bytes(path.read_bytes()[:-8] + b"12345678")


def _old_version(folder: Path) -> None:
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text("utf-8")) | {"generator": 0}
    path.write_text(json.dumps(manifest), encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (_truncate, "appointment.parquet is damaged"),
        (_scramble_end, "spell.parquet is damaged"),
        (_old_version, "generator 0"),
        (lambda folder: (folder / "patient.parquet").unlink(), "patient.parquet is missing"),
        (lambda folder: (folder / "manifest.json").write_text("{"), "manifest.json"),
        (lambda folder: (folder / "manifest.json").write_text("[]"), "manifest.json"),
    ],
)
def test_damage_is_said_and_mended(course, capsys, damage, words) -> None:
    expected = load_pcn(**SMALL).checksums()
    damage(synthetic_folder(600, "North West", 5))
    capsys.readouterr()
    assert load_pcn(**SMALL).checksums() == expected
    said = capsys.readouterr().err
    assert words in said and "again" in said
    assert len(said.splitlines()) == 2


def test_a_changed_page_is_not_read(course: Path) -> None:
    load_pcn(**SMALL)
    path = synthetic_folder(600, "North West", 5) / "appointment.parquet"
    held = bytearray(path.read_bytes())
    held[len(held) // 3] ^= 0xFF
    path.write_bytes(held)
    with pytest.raises(DataError, match=r"appointment\.parquet"):
        load_pcn(**SMALL).appointment  # noqa: B018


def test_killed_while_making_then_loaded(course: Path) -> None:
    code = "from clear_helpers.pcn import load_pcn; load_pcn(patients=20_000, seed=9)"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, "-c", code], env=environment, stderr=-3)
    unfinished = course / "datasets" / "synthetic" / ".larkmoor-pcn-20000-9.unfinished"
    deadline = time.monotonic() + 60
    while not (unfinished / "practice.parquet").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    process.wait()
    assert unfinished.exists(), "killed too late to prove anything"
    assert not synthetic_folder(20_000, "North West", 9).exists()
    assert len(load_pcn(patients=20_000, seed=9).patient) == 20_000
    assert not unfinished.exists()


def test_two_processes_make_it_once(course: Path) -> None:
    code = "from clear_helpers.pcn import load_pcn; print(len(load_pcn(patients=600).spell))"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    both = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [process.communicate(timeout=120) for process in both]
    assert said[0][0] == said[1][0] != ""
    assert sum("Making" in error for _, error in said) == 1


def test_progress_is_reported(tmp_path: Path) -> None:
    calls: list[tuple[str, int, int]] = []
    made = generate(tmp_path / "made", **SMALL, progress=lambda *call: calls.append(call))
    assert [name for name, _, _ in calls] == list(made.tables) or len(calls) == len(made.tables)
    assert calls[-1][1:] == (len(made.tables), len(made.tables))


def test_generate_leaves_other_files_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(DataError, match="other files"):
        generate(tmp_path, **SMALL)
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_careless_writing_does_not_reach_the_next_reader() -> None:
    pcn = synthesise_pcn(**SMALL)
    before = pcn.checksum("patient")
    patient = pcn.patient
    patient.loc[:, "imd_quintile"] = 1
    patient["practice_id"] = "P9"
    del patient["sex"]
    patient.columns = [name.upper() for name in patient.columns]
    values = pcn.spell["bed_days"].to_numpy()
    assert not values.flags.writeable
    assert pcn.checksum("patient") == before


def test_checksum_is_of_the_content() -> None:
    patient = synthesise_pcn(**SMALL).patient
    table = TABLES["patient"]
    first = content_checksum(patient, table)
    assert content_checksum(patient.iloc[:].reset_index(drop=True), table) == first
    reordered = patient.assign(sex=patient["sex"].cat.set_categories(["Male", "Female"]))
    assert content_checksum(reordered, table) == first
    plain = patient.assign(lsoa=patient["lsoa"].astype(object).astype(pd.StringDtype("python")))
    assert content_checksum(plain, table) == first
    shifted = patient.assign(lsoa=patient["lsoa"].where(patient.index != 3))
    assert content_checksum(shifted, table) != first
    assert content_checksum(patient.iloc[::-1], table) != first
    assert content_checksum(patient.iloc[:-1], table) != first
    part = patient.iloc[100:200]
    assert content_checksum(part, table) == content_checksum(part.copy(), table) != first


def test_absent_tables_say_what_there_is() -> None:
    pcn = synthesise_pcn(**SMALL)
    assert "patient" in dir(pcn) and "patient" in repr(pcn)
    with pytest.raises(AttributeError, match="not generated yet"):
        pcn.stakeholder  # noqa: B018
    with pytest.raises(AttributeError, match=r"no table 'patients'.*home_visit_request"):
        pcn.patients  # noqa: B018
    assert not hasattr(pcn, "_repr_html_")


def test_sources_are_labelled(course: Path, tmp_path: Path) -> None:
    made = synthesise_pcn(**SMALL)
    assert made.source("patient") == EXAMPLE_LABEL
    own = tmp_path / "own"
    own.mkdir()
    made.spell.to_parquet(own / "spell.parquet")
    pcn = load_pcn(own, **SMALL)
    assert pcn.origin == "extract"
    assert pcn.source("spell") == "Your PCN (own extract)"
    assert pcn.source("patient") == EXAMPLE_LABEL
    assert len(pcn.patient) == 600
    assert list(pcn.checksums()) == ["spell"]


def test_cohort_of_a_slug() -> None:
    pcn = synthesise_pcn(**SMALL)
    housebound = pcn.cohort("housebound")
    assert housebound.isin(pcn.patient["patient_id"]).all()


def _junk(folder: Path) -> None:
    folder.mkdir()
    (folder / "patient.parquet").write_bytes(b"not parquet")


def _misnamed(folder: Path) -> None:
    folder.mkdir()
    shutil.copy(ROOT / "pyproject.toml", folder / "people.parquet")


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        (lambda folder: None, "not found"),
        (lambda folder: folder.mkdir(), "is empty"),
        (lambda folder: folder.write_text("x"), "not a folder"),
        (
            lambda folder: (folder.mkdir(), (folder / "patient.csv").write_text("a")),
            "no Parquet files",
        ),
        (_junk, "not a readable Parquet file"),
        (_misnamed, "not the name of a table"),
    ],
)
def test_a_wrong_folder_is_explained(tmp_path: Path, prepare, words: str) -> None:
    prepare(tmp_path / "data")
    with pytest.raises(DataError, match=words) as caught:
        load_pcn(tmp_path / "data")
    assert str(tmp_path / "data") in str(caught.value)


def test_published_checksums_are_those_of_the_default_pcn() -> None:
    published = json.loads((ROOT / "datasets" / "checksums.json").read_text("utf-8"))
    assert published["tables"] == synthesise_pcn().checksums()


def test_a_difference_from_the_published_pcn_is_a_warning(course: Path, monkeypatch) -> None:
    monkeypatch.setattr("clear_helpers.pcn.store.PATIENTS", 600)
    monkeypatch.setattr("clear_helpers.pcn.store.SEED", 5)
    published = course / "datasets" / "checksums.json"
    published.parent.mkdir()
    right = synthesise_pcn(**SMALL).checksums()
    published.write_text(json.dumps({"tables": right}), encoding="utf-8")
    load_pcn(**SMALL)
    published.write_text(json.dumps({"tables": right | {"spell": "0"}}), encoding="utf-8")
    with pytest.warns(UserWarning, match="spell"):
        load_pcn(**SMALL)


def test_the_room_names_what_it_offers() -> None:
    for name in pcn_room.__all__:
        assert getattr(pcn_room, name) is not None
    assert isinstance(synthesise_pcn(**SMALL), PCN)
    with pytest.raises(AttributeError):
        pcn_room.nothing  # noqa: B018


def test_room_imports_without_the_heavy_libraries() -> None:
    code = (
        "import sys, clear_helpers.pcn; from clear_helpers.pcn import load_pcn, TABLES;"
        "heavy = {'pandera', 'scipy', 'statsmodels', 'sklearn'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
