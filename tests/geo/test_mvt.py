"""What the encoder writes is what other readers read."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyogrio import list_layers
from pyogrio.raw import read

from geo import mvt
from geo.mvt import Layer
from geo.tiles import Tile
from tests.geo import tiled

pytestmark = pytest.mark.unit

KEPT = Path(__file__).with_name("tile.mvt")
"""The tile of `some_tile`, which web/tests/tiles.test.ts reads with the reader of map clients."""

NUMBERS = st.integers(0, 2**62)
PLACES = st.integers(-(2**20), 2**20)
TEXTS = st.one_of(st.none(), st.text(max_size=200), st.sampled_from(["a", "Jalan Melati", "é" * 70]))


def some_tile() -> bytes:
    """Points with and without properties, and polygons with a hole."""
    ground = shapely.Polygon(
        shapely.box(112.6, -8.4, 112.9, -8.1).exterior, [shapely.box(112.7, -8.3, 112.8, -8.2).exterior]
    )
    tile = Tile(9, 416, 267)
    rings, which = tile.rings([ground, shapely.box(0, 0, 1, 1), shapely.box(112.4, -8.05, 112.9, -7.9)])
    assert which == [0, 2]
    return mvt.encode(
        [
            Layer(
                "complaints",
                mvt.points(np.array([0, 17, 4095]), np.array([4095, 300, 0])),
                [
                    mvt.texts("status", ["received", None, "received"]),
                    mvt.texts("title", ["Lubang di Jl. Melati", "é", ""]),
                    mvt.integers("due_at", np.array([1_790_000_000, -5, 0]), 0),
                    mvt.numbers("radius_m", np.array([12.5, np.nan, 1e9])),
                    mvt.flags("open", np.array([True, False, True])),
                ],
                ids=np.array([1, 2**40, 3]),
            ),
            Layer("areas", mvt.polygons(rings), [mvt.texts("code", ["35.10", "35.11"])], ids=np.array([3510, 3511])),
            Layer("nothing", mvt.points(np.zeros(0, np.int64), np.zeros(0, np.int64)), []),
        ]
    )


@given(st.lists(NUMBERS))
def test_varints_are_those_of_protocol_buffers(numbers: list[int]) -> None:
    assert list(tiled.varints(mvt.varints(np.array(numbers, dtype=np.int64)))) == numbers


@given(
    st.lists(st.tuples(PLACES, PLACES, TEXTS, TEXTS, st.integers(-(2**50), 2**50), st.floats(allow_nan=True))),
    st.booleans(),
)
def test_every_point_comes_back_with_what_it_has(rows: list[tuple[Any, ...]], numbered: bool) -> None:
    x, y, one, other, whole, broken = zip(*rows, strict=True) if rows else ((),) * 6
    ids = np.arange(len(rows)) * 3
    told = [
        mvt.texts("one", one),
        mvt.integers("whole", np.array(whole, dtype=np.int64), 0),
        mvt.texts("other", other),
        mvt.numbers("broken", np.array(broken, dtype=np.float64)),
    ]
    where = mvt.points(np.array(x, dtype=np.int64), np.array(y, dtype=np.int64))
    found = tiled.tile(mvt.encode([Layer("rows", where, told, ids if numbered else None)])).get("rows", [])
    assert [feature.point for feature in found] == [(row[0], row[1]) for row in rows]
    assert [feature.id for feature in found] == (
        [3 * at for at in range(len(rows))] if numbered else [None] * len(rows)
    )
    for feature, (*_, text, more, number, fraction) in zip(found, rows, strict=True):
        expected = {"one": text, "other": more, "whole": number, "broken": fraction}
        missing = {"one": (None, ""), "other": (None, ""), "whole": (0,), "broken": ()}
        kept = {name: value for name, value in expected.items() if value not in missing[name] and value == value}
        assert feature.properties == kept
        assert feature.shape == 1


def test_values_are_written_once() -> None:
    column = ["received", "resolved"] * 500
    where = mvt.points(np.zeros(1000, np.int64), np.zeros(1000, np.int64))
    assert mvt.encode([Layer("rows", where, [mvt.texts("status", column)])]).count(b"resolved") == 1
    shared = mvt.integer_values(np.array([7_000_000]))
    at = np.zeros(1000, dtype=np.int64)
    twice = [mvt.Property(name, shared, at) for name in ("count", "status_received")]
    data = mvt.encode([Layer("cells", where, twice)])
    assert data.count(shared.block) == 1
    assert {tuple(one.properties.items()) for one in tiled.tile(data)["cells"]} == {
        (("count", 7_000_000), ("status_received", 7_000_000))
    }


def test_a_tile_without_features_has_no_bytes() -> None:
    nothing = np.zeros(0, dtype=np.int64)
    assert mvt.encode([Layer("a", mvt.points(nothing, nothing), []), Layer("b", mvt.polygons([]), [])]) == b""


def test_polygons_are_cut_to_the_tile_and_turn_as_the_specification_says() -> None:
    hole, corner = tiled.tile(some_tile())["areas"]
    assert [tiled.area(ring) > 0 for ring in hole.parts] == [True, False]
    assert [tiled.area(ring) > 0 for ring in corner.parts] == [True]
    beyond = [abs(unit - 2048) - 2048 for ring in [*hole.parts, *corner.parts] for place in ring for unit in place]
    assert max(beyond) == 64
    assert all(ring[0] != ring[-1] for ring in hole.parts)


def test_gdal_reads_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "0.pbf"
    path.write_bytes(some_tile())
    assert [tuple(one) for one in list_layers(path).tolist()] == [("complaints", "Point"), ("areas", "MultiPolygon")]
    meta, _, shapes, columns = read(path, layer="complaints")
    told = dict(zip(meta["fields"], columns, strict=True))
    assert told["mvt_id"].tolist() == [1, 2**40, 3]
    assert told["status"].tolist() == ["received", None, "received"]
    assert told["title"].tolist() == ["Lubang di Jl. Melati", "é", None]
    assert told["due_at"].tolist()[:2] == [1_790_000_000, -5]
    assert told["radius_m"].tolist()[::2] == [12.5, 1e9]
    # GDAL turns the axis: rows count from the south.
    assert [(shape.x, shape.y) for shape in shapely.from_wkb(shapes)] == [(0, 1), (17, 3796), (4095, 4096)]
    _, _, shapes, _ = read(path, layer="areas")
    assert [len(shapely.get_parts(shape)[0].interiors) for shape in shapely.from_wkb(shapes)] == [1, 0]


def test_the_kept_tile_is_what_is_written_today() -> None:
    assert KEPT.read_bytes() == some_tile(), "write it anew with `python -m tests.geo.test_mvt`"


if __name__ == "__main__":
    KEPT.write_bytes(some_tile())
