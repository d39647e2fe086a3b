"""Cars, motorcycles, people and carts."""

from typing import Final

from pantau.demo.drawing.canvas import Canvas, Flat
from pantau.demo.drawing.light import Colour, mix
from pantau.demo.drawing.street import Street

_PAINT: Final[tuple[Colour, ...]] = (
    (232, 232, 230), (48, 52, 60), (176, 180, 186), (186, 44, 42), (44, 86, 150), (206, 168, 62), (94, 110, 98),
)  # fmt: skip
_SHIRTS: Final[tuple[Colour, ...]] = ((214, 92, 70), (66, 120, 170), (240, 200, 90), (110, 150, 100), (150, 100, 150))
_SKIN: Final[Colour] = (164, 116, 84)
_GLASS: Final[Colour] = (70, 96, 116)
_TYRE: Final[Colour] = (36, 36, 40)
_RED: Final[Colour] = (204, 44, 40)

# The side of a family van, u from the tail (0) to the nose (4.2), h from the ground.
_BODY: Final[tuple[Flat, ...]] = (
    (0.0, 0.35), (4.15, 0.32), (4.2, 0.75), (3.95, 0.98), (3.1, 1.08), (2.55, 1.66), (0.35, 1.72), (0.06, 1.1),
)  # fmt: skip
_PANES: Final[tuple[tuple[Flat, ...], ...]] = (
    ((0.35, 1.1), (1.05, 1.1), (1.05, 1.6), (0.5, 1.6)),
    ((1.15, 1.1), (2.0, 1.1), (2.0, 1.6), (1.15, 1.6)),
    ((2.1, 1.1), (2.88, 1.1), (2.46, 1.58), (2.1, 1.6)),
)


def car(street: Street, at: Flat, ground: float = 0.0, paint: Colour | None = None) -> None:
    """A van parked along the street: u of its tail and a of its house side."""
    u, a = at
    paint = paint or street.rng.choice(_PAINT)
    near = a + 1.65
    shade = mix(paint, (20, 24, 40), 0.32)
    street.rough((u + 2.1, a + 0.85), (2.35, 1.05), (58, 60, 66), ragged=0.02, h=ground + 0.005)
    street.wall(a, [(u + x, ground + y) for x, y in _BODY], shade)
    for x in (0.75, 3.35):
        _wheel(street, u + x, a + 0.1, ground)
    roof = [(u + 0.4, a + 0.1), (u + 2.55, a + 0.1), (u + 2.55, near - 0.1), (u + 0.4, near - 0.1)]
    street.flat(roof, mix(paint, (255, 255, 255), 0.25), ground + 1.7)
    street.wall(near, [(u + x, ground + y) for x, y in _BODY], paint)
    street.wall(
        near + 0.01, [(u + x, ground + y) for x, y in ((0.05, 0.35), (4.15, 0.32), (4.16, 0.5), (0.05, 0.52))], shade
    )
    for pane in _PANES:
        street.wall(near + 0.02, [(u + x, ground + y) for x, y in pane], _GLASS)
        (x0, _), _, (x1, y1), _ = pane
        street.wall(
            near + 0.03,
            [(u + x0 + 0.1, ground + 1.15), (u + x0 + 0.25, ground + 1.15), (u + (x0 + x1) / 2, ground + y1)],
            mix(_GLASS, (255, 255, 255), 0.35),
        )
    street.panel(near + 0.02, (u + 1.75, ground + 0.9, u + 1.95, ground + 0.95), shade)
    street.panel(near + 0.02, (u + 3.95, ground + 0.68, u + 4.18, ground + 0.86), (250, 240, 200))
    street.panel(near + 0.02, (u + 0.02, ground + 0.8, u + 0.16, ground + 1.05), _RED)
    for x in (0.75, 3.35):
        _wheel(street, u + x, near + 0.03, ground)
    if street.along:
        _tail(street, (u, a), near, ground, paint)


def _tail(street: Street, at: Flat, near: float, ground: float, paint: Colour) -> None:
    """The back of the van, as seen by who walks up behind it."""
    u, a = at
    colour = mix(paint, (20, 24, 40), 0.12)
    tail = [(a, 0.35), (near, 0.35), (near, 1.1), (near - 0.12, 1.72), (a + 0.12, 1.72), (a, 1.1)]
    street.end(u, [(x, ground + y) for x, y in tail], colour)
    pane = [(a + 0.2, 1.12), (near - 0.2, 1.12), (near - 0.28, 1.6), (a + 0.28, 1.6)]
    street.end(u, [(x, ground + y) for x, y in pane], _GLASS)
    for x in (a + 0.05, near - 0.23):
        street.end(
            u, [(x, ground + 0.78), (x + 0.18, ground + 0.78), (x + 0.18, ground + 1.06), (x, ground + 1.06)], _RED
        )
    street.end(
        u,
        [(a, ground + 0.35), (near, ground + 0.35), (near, ground + 0.55), (a, ground + 0.55)],
        mix(colour, (30, 30, 36), 0.5),
    )
    middle = (a + near) / 2
    plate = [(middle - 0.24, 0.62), (middle + 0.24, 0.62), (middle + 0.24, 0.76), (middle - 0.24, 0.76)]
    street.end(u, [(x, ground + y) for x, y in plate], (244, 244, 240))
    for x in (a + 0.15, near - 0.37):
        street.end(u, [(x, ground), (x + 0.22, ground), (x + 0.22, ground + 0.36), (x, ground + 0.36)], _TYRE)


def _wheel(street: Street, u: float, a: float, ground: float) -> None:
    street.wall(a, _ring(u, ground + 0.31, 0.31), _TYRE)
    street.wall(a + 0.01, _ring(u, ground + 0.31, 0.18), (176, 178, 182))
    street.wall(a + 0.02, _ring(u, ground + 0.31, 0.07), (90, 92, 96))


def _ring(x: float, y: float, radius: float) -> list[Flat]:
    steps = ((1, 0), (0.92, 0.38), (0.71, 0.71), (0.38, 0.92))
    quarter = [*steps]
    points: list[Flat] = []
    for _ in range(4):
        points += [(x + radius * dx, y + radius * dy) for dx, dy in quarter]
        quarter = [(-dy, dx) for dx, dy in quarter]
    return points


def motorcycle(street: Street, at: Flat, ground: float = 0.0, *, flip: bool = False) -> None:
    """A scooter on its stand, seen from its side: u, a of its middle."""
    canvas = street.canvas
    x, z = street.spot(*at)
    paint = street.rng.choice(_PAINT[1:])
    turn = -1 if flip else 1

    def put(points: list[Flat], colour: Colour) -> None:
        canvas.face(z, [(x + turn * dx, ground + dy) for dx, dy in points], colour)

    canvas.puddle((x, z), (0.95, 0.28), (64, 64, 68), height=ground)
    for wheel in (-0.62, 0.62):
        canvas.disc(z, (x + turn * wheel, ground + 0.28), 0.28, _TYRE)
        canvas.disc(z, (x + turn * wheel, ground + 0.28), 0.16, (170, 172, 176))
        canvas.disc(z, (x + turn * wheel, ground + 0.28), 0.06, _TYRE)
    put(
        [
            (-0.75, 0.45),
            (-0.2, 0.3),
            (0.25, 0.26),
            (0.42, 0.3),
            (0.5, 0.85),
            (0.36, 0.9),
            (0.26, 0.42),
            (-0.02, 0.42),
            (-0.15, 0.68),
            (-0.8, 0.74),
        ],
        paint,
    )
    put([(-0.82, 0.72), (-0.1, 0.66), (-0.06, 0.76), (-0.5, 0.82), (-0.86, 0.84)], (44, 40, 40))
    put([(0.36, 0.84), (0.54, 0.84), (0.5, 1.0), (0.34, 0.98)], mix(paint, (255, 255, 255), 0.25))
    put([(0.2, 1.04), (0.42, 0.96), (0.44, 1.0), (0.22, 1.09)], (40, 40, 44))
    put([(0.48, 0.46), (0.86, 0.42), (0.84, 0.56), (0.5, 0.6)], mix(paint, (20, 20, 30), 0.2))
    canvas.disc(z, (x + turn * 0.54, ground + 0.9), 0.08, (252, 244, 206))
    canvas.disc(z, (x - turn * 0.84, ground + 0.7), 0.06, _RED)


def person(street: Street, at: Flat, ground: float = 0.0, *, headscarf: bool = False, arm_up: bool = False) -> None:
    """Someone standing: u, a of the feet."""
    canvas, rng = street.canvas, street.rng
    x, z = street.spot(*at)
    shirt = rng.choice(_SHIRTS)
    trousers = mix((52, 58, 80), rng.choice(_SHIRTS), 0.2)

    def put(points: list[Flat], colour: Colour) -> None:
        canvas.face(z, [(x + dx, ground + dy) for dx, dy in points], colour)

    canvas.puddle((x, z), (0.32, 0.2), (70, 70, 74), height=ground)
    put([(-0.17, 0), (-0.03, 0), (0, 0.75), (0.03, 0), (0.17, 0), (0.19, 0.85), (-0.19, 0.85)], trousers)
    put([(-0.22, 0.75), (0.22, 0.75), (0.25, 1.32), (0.12, 1.4), (-0.12, 1.4), (-0.25, 1.32)], shirt)
    put([(-0.25, 1.32), (-0.36, 0.85), (-0.28, 0.82), (-0.17, 1.2)], mix(shirt, (30, 30, 50), 0.15))
    arm: list[Flat] = (
        [(0.25, 1.32), (0.52, 1.5), (0.5, 1.58), (0.16, 1.38)]
        if arm_up
        else [(0.25, 1.32), (0.36, 0.85), (0.28, 0.82), (0.17, 1.2)]
    )
    put(arm, mix(shirt, (30, 30, 50), 0.15))
    canvas.disc(z, (x, ground + 1.55), 0.13, _SKIN)
    if headscarf:
        cloth = rng.choice(_SHIRTS)
        canvas.disc(z, (x, ground + 1.58), 0.155, cloth)
        put([(-0.15, 1.55), (0.15, 1.55), (0.2, 1.25), (-0.2, 1.25)], cloth)
        canvas.disc(z, (x, ground + 1.56), 0.1, _SKIN)
    else:
        put([(-0.13, 1.58), (0.13, 1.58), (0.1, 1.69), (-0.1, 1.69)], (36, 30, 28))


def cart(canvas: Canvas, at: Flat, ground: float, words: str, colour: Colour) -> None:
    """A food cart (gerobak) with its awning, glass case and two wheels: x, z of its middle."""
    x, z = at

    def box(x0: float, y0: float, x1: float, y1: float, paint: Colour) -> None:
        canvas.box(z, (x + x0, ground + y0, x + x1, ground + y1), paint)

    canvas.puddle((x, z), (1.15, 0.4), (70, 68, 70), height=ground)
    for pole in (-0.82, 0.78):
        box(pole, 0.8, pole + 0.05, 2.05, (126, 88, 58))
    box(-0.85, 0.38, 0.85, 1.02, colour)
    box(-0.85, 0.92, 0.85, 1.06, mix(colour, (255, 255, 255), 0.55))
    box(-0.55, 1.06, 0.7, 1.5, (206, 226, 230))
    for n in range(5):
        canvas.disc(z, (x - 0.4 + n * 0.24, ground + 1.17), 0.1, ((222, 178, 110), (196, 120, 72))[n % 2])
    box(-0.58, 1.48, 0.73, 1.54, (126, 88, 58))
    for n in range(8):
        left = -1.12 + n * 0.28
        tone: Colour = (246, 242, 230) if n % 2 else colour
        canvas.face(
            z,
            [
                (x + left * 0.85, ground + 2.3),
                (x + (left + 0.28) * 0.85, ground + 2.3),
                (x + left + 0.28, ground + 1.98),
                (x + left, ground + 1.98),
            ],
            tone,
        )
    for wheel in (-0.5, 0.5):
        canvas.disc(z, (x + wheel, ground + 0.28), 0.28, (60, 54, 50))
        canvas.disc(z, (x + wheel, ground + 0.28), 0.2, (160, 150, 138))
        canvas.disc(z, (x + wheel, ground + 0.28), 0.05, (60, 54, 50))
    canvas.text(z, (x, ground + 0.66), (0.24, 1.5), words, (255, 250, 230))
