from itertools import combinations

import altair as alt
import numpy as np
import pytest

from clear_helpers import charts
from clear_helpers.charts import theme

# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
VISION = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}


def linear(colour):
    part = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def contrast_on_white(colour):
    return 1.05 / (linear(colour) @ [0.2126, 0.7152, 0.0722] + 0.05)


def lab(rgb):
    to_xyz = np.array(
        [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.0721750],
            [0.0193339, 0.1191920, 0.9503041],
        ]
    )
    x, y, z = to_xyz @ np.clip(rgb, 0, 1) / [0.95047, 1, 1.08883]
    x, y, z = (np.cbrt(v) if v > 216 / 24389 else (24389 / 27 * v + 16) / 116 for v in (x, y, z))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def closest(colours, matrix):
    seen = [lab(matrix @ linear(colour)) for colour in colours]
    return min(np.linalg.norm(a - b) for a, b in combinations(seen, 2))


@pytest.mark.parametrize("vision", VISION)
def test_series_colours_stay_apart_whatever_colours_a_reader_sees(vision):
    assert closest(charts.CATEGORICAL, VISION[vision]) >= 20


def test_the_colour_check_can_fail():
    red_and_green = ("#009639", "#ED8B00")
    assert closest(red_and_green, VISION["normal"]) > closest(red_and_green, VISION["deuteranopia"])
    assert closest(("#006747", "#7C2855"), VISION["deuteranopia"]) < 20


def test_ordered_colours_run_from_light_to_dark():
    contrasts = [contrast_on_white(colour) for colour in charts.ORDERED]
    assert contrasts == sorted(contrasts)


def test_text_reaches_4_5_and_series_reach_3_to_1_on_white():
    assert min(contrast_on_white(colour) for colour in (theme.INK, theme.SLATE)) >= 4.5
    assert min(contrast_on_white(colour) for colour in charts.CATEGORICAL) >= 3


def test_point_types_that_lack_contrast_have_a_shape_of_their_own():
    shapes = [shape for _, _, shape in theme.POINT_TYPES.values()]
    assert len(set(shapes)) == len(shapes) == 4
    assert contrast_on_white(theme.POINT_TYPES["special_cause_concern"][1]) < 3  # the reason
    assert contrast_on_white(theme.INK) >= 3  # the outline


def test_no_text_is_below_12_pixels():
    config = alt.Chart(alt.InlineData(values=[])).mark_point().to_dict()["config"]
    sizes = [
        value
        for part in config.values()
        if isinstance(part, dict)
        for name, value in part.items()
        if name.lower().endswith("fontsize")
    ]
    assert len(sizes) >= 7 and min(sizes) >= 12


def test_importing_the_room_makes_theme_and_renderer_the_current_ones():
    assert alt.theme.active == "clear"
    assert alt.renderers.active == "clear"


def test_jupyter_is_handed_version_5_and_words_but_no_html():
    chart = alt.Chart(alt.InlineData(values=[])).mark_point().properties(description="Three words.")
    bundle = chart._repr_mimebundle_()
    assert set(bundle) == {"application/vnd.vegalite.v5+json", "text/plain"}
    assert bundle["text/plain"] == "Three words."
    assert bundle["application/vnd.vegalite.v5+json"]["$schema"].endswith("/v5.json")
