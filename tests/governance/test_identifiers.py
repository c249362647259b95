"""Identifiers: found wherever they hide, never shown, and not seen where there are none."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clear_helpers.governance import find_identifiers, is_valid_nhs_number

ROOT = Path(__file__).parents[2]
CASES = {
    case["id"]: case
    for case in json.loads(
        (ROOT / "tests" / "oracles" / "disclosure.json").read_text(encoding="utf-8")
    )["cases"]
}
# Well formed, and either in the range kept for tests or printed as examples.
NUMBER, TEST_NUMBER = "401 023 2137", "943 476 5919"


@pytest.mark.parametrize("case", ["nhs_number_valid", "nhs_number_region"])
def test_published_nhs_numbers(case):
    inputs = CASES[case]["inputs"]
    found = [is_valid_nhs_number(text, inputs.get("region")) for text in inputs["values"]]
    assert found == CASES[case]["expected"]["valid"]


def test_published_check_digits():
    case = CASES["nhs_number_check_digit"]
    for nine, check in zip(case["inputs"]["nine_digits"], case["expected"]["check"], strict=True):
        valid = [digit for digit in range(10) if is_valid_nhs_number(f"{nine}{digit}")]
        assert valid == ([] if check == 10 else [check])


@pytest.mark.parametrize(
    "text",
    [None, "", "NHS", float("nan"), 4.5, True, [1], "987 6543 210", "98765432100"],
)
def test_what_is_no_nhs_number_is_not_valid(text):
    assert not is_valid_nhs_number(text)


def test_an_unknown_region_is_refused():
    with pytest.raises(ValueError, match="region: found 'WALES'"):
        is_valid_nhs_number(NUMBER, "WALES")


@given(st.integers(0, 9), st.integers(0, 9))
def test_one_wrong_digit_is_noticed(place, digit):
    digits = list(NUMBER.replace(" ", ""))
    if digits[place] != str(digit):
        digits[place] = str(digit)
        assert not is_valid_nhs_number("".join(digits))


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("seen today, NHS no 401 023 2137", "NHS number"),
        ("NHS401-023-2137.", "NHS number"),
        ("401\u00a0023\u00a02137", "NHS number"),
        ("LK000123,4010232137,5", "NHS number"),
        ("LK000123,4010232137.0", "NHS number"),
        ("943 476 5919", "NHS number (test range)"),
        ("DOB: 03/02/2015", "date of birth"),
        ("D.O.B. 3-Feb-15", "date of birth"),
        ('{"date_of_birth": "2015-02-03"}', "date of birth"),
        ("born on 3rd February 2015", "date of birth"),
        ("patient_dob=20150203", "date of birth"),
        ("came in on 12/03/1941", "date of birth"),
        ("March 12, 1941", "date of birth"),
        ("| practice | DOB |\n|---|---|\n| P1 | 2015-02-03 |\n", "date of birth"),
        ("lives at BB1 2AB", "postcode"),
        ("SW1A1AA", "postcode"),
        ("bb1 2ab", "postcode"),
        ("postcode=EC1A 1BB", "postcode"),
        ("Mrs Okafor rang", "name"),
        ("Dr. A. B. Smith-Jones", "name"),
        ("ask Miss O'Neill", "name"),
        ("MRS JANE OKAFOR", "name"),
    ],
)
def test_each_kind_is_found_and_masked(tmp_path, text, kind):
    file = write(tmp_path, "note.txt", f"First line.\n{text}\n")
    found = find_identifiers(file)
    assert found["kind"].tolist() == [kind]
    row = found.iloc[0]
    assert row["file"] == "note.txt"
    assert row["line"] == 2 + text.startswith("| p") * 2
    assert row["advice"]
    assert not re.search(r"\d|Okafor|OKAFOR|Smith|Neill|BB|EC|SW", row["excerpt"])


@pytest.mark.parametrize(
    "text",
    [
        "401 023 2138",  # wrong check digit
        "14010232137 and 40102321370",  # eleven digits
        "0.4010232137",
        "3f0a4010232137bcdef0",  # a checksum
        "01254 123456 and 07700 900123",  # telephone numbers
        "5000000007 and 0000000000",  # ranges that are never issued
        "On 1 April 2021 week 12 began; 2021-07-19; 12/03/2020.",
        "The article of 12 February 2009",
        "Date of birth is never collected. On 1 April 2021 we counted.",
        "birth_month 2015-02",
        "practices E1, L2 and P5; LSOA E01012345; LK000123",
        "the E1 3rd floor, week W1 2nd draft",
        "colour #E12AB1 and E12ABC",
        "Miss rate 12 %; MS Excel; Mr. and Mrs.; Drs; Sirs",
        "3.141 592 6535 8979",
    ],
)
def test_what_only_looks_like_one_is_left_alone(tmp_path, text):
    assert find_identifiers(write(tmp_path, "note.md", text)).empty


def notebook(*cells):
    return json.dumps({"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def test_notebooks_are_searched_in_sources_and_outputs(tmp_path):
    file = write(
        tmp_path,
        "week.ipynb",
        notebook(
            {"cell_type": "markdown", "source": ["# Title\n", "Thanks to Dr Okafor"]},
            {
                "cell_type": "code",
                "source": "patients.head()",
                "outputs": [
                    {"output_type": "stream", "text": ["   dob visits\n", "0 2015-02-03 4\n"]},
                    {
                        "output_type": "display_data",
                        "data": {
                            "text/html": "<table><tr><th>dob</th></tr>\n<tr><td>3 Feb 2015</td></tr></table>",
                            "image/png": f"iVBOR{NUMBER}",
                            "application/json": {"address": "BB1 2AB"},
                        },
                    },
                    {"output_type": "error", "traceback": [f"\x1b[31mKeyError\x1b[0m: {NUMBER}"]},
                ],
            },
        ),
    )
    found = find_identifiers(file)
    assert found[["cell", "part", "line", "kind"]].to_numpy().tolist() == [
        [1, "source", 2, "name"],
        [2, "output", 2, "date of birth"],
        [2, "output", 2, "date of birth"],
        [2, "output", 2, "postcode"],
        [2, "output", 1, "NHS number"],
    ]


def test_a_broken_notebook_is_read_as_text(tmp_path):
    file = write(tmp_path, "broken.ipynb", f'{{"cells": [{{"source": "{NUMBER}"')
    assert find_identifiers(file)["kind"].tolist() == ["NHS number"]


def test_columns_headed_as_names_or_dates_of_birth(tmp_path):
    file = write(
        tmp_path,
        "extract.csv",
        "patient_id,surname,dob,practice_name,visits\n"
        'LK000001,Okafor,2015-02-03,"Mill\nLane",3\n'
        "LK000002,,,Hill Top,4\n"
        "LK000003,Nowak,03/02/2015,Hill Top,5\n",
    )
    found = find_identifiers(file)
    assert found[["line", "kind"]].to_numpy().tolist() == [
        [3, "name"],
        [3, "date of birth"],
        [5, "name"],
        [5, "date of birth"],
    ]
    assert not found["excerpt"].str.contains("Okafor|Nowak|2015").any()


def test_html_is_searched_through_its_marks_but_not_its_pictures(tmp_path):
    file = write(
        tmp_path,
        "page.html",
        f"<p>NHS&nbsp;{NUMBER.replace(' ', '&nbsp;')}</p>\n"
        "<table><thead><tr><th>Date of birth</th></tr></thead>\n<tr><td>2015-02-03</td></tr></table>\n"
        '<img src="data:image/png;base64,AAAA4010232137AAAA"><p title="Mrs Okafor">SW1A&nbsp;1AA</p>',
    )
    found = find_identifiers(file)
    assert found["kind"].tolist() == ["NHS number", "date of birth", "name", "postcode"]
    assert found["line"].tolist() == [1, 3, 4, 4]


def test_folders_file_names_and_what_was_not_read(tmp_path):
    write(tmp_path, f"deep/er/Mrs_Okafor_{NUMBER}.md", "nothing here")
    write(tmp_path, "report.docx", "x")
    write(tmp_path, ".git/config.txt", NUMBER)
    write(tmp_path, ".ipynb_checkpoints/old.txt", NUMBER)
    found = find_identifiers(tmp_path)
    assert found["part"].tolist() == ["text", "file name", "file name"]
    assert not found["file"].str.contains("Okafor|401").any()
    assert found.attrs["not_read"] == ["report.docx"]


def test_other_encodings(tmp_path):
    for encoding in ("utf-8-sig", "utf-16", "cp1252"):
        file = tmp_path / f"{encoding}.txt"
        file.write_bytes(f"José wrote {NUMBER}".encode(encoding))
        assert find_identifiers(file)["kind"].tolist() == ["NHS number"]


secret = st.sampled_from([NUMBER, TEST_NUMBER, "03/02/1941", "BB1 2AB", "Mrs Okafor"])
words = st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=20)


@given(st.lists(st.tuples(words, secret), min_size=1, max_size=4))
def test_no_excerpt_ever_holds_a_digit_or_a_name(tmp_path_factory, lines):
    text = "\n".join(f"{before} {hidden}" for before, hidden in lines)
    file = write(tmp_path_factory.mktemp("found"), "note.txt", text)
    found = find_identifiers(file)
    assert len(found) >= 1
    for excerpt in found["excerpt"]:
        assert not any(letter.isdigit() for letter in excerpt)
        assert "Okafor" not in excerpt and "BB" not in excerpt


@pytest.mark.parametrize("path", ["weeks", "course/source", "datasets/README.md", "README.md"])
def test_the_course_itself_has_none(path):
    found = find_identifiers(ROOT / path)
    assert found.empty, found.to_string()
    assert found.columns.tolist() == [
        "file",
        "cell",
        "part",
        "line",
        "kind",
        "excerpt",
        "advice",
    ]


def test_what_cannot_be_searched_is_refused(tmp_path):
    with pytest.raises(ValueError, match="does not exist"):
        find_identifiers(tmp_path / "nothing.md")
    with pytest.raises(ValueError, match="does not exist"):
        find_identifiers(None)
    with pytest.raises(ValueError, match=r"found a \.docx file; expected one of"):
        find_identifiers(write(tmp_path, "report.docx", "x"))
    assert find_identifiers(write(tmp_path, "empty.csv", "")).empty
