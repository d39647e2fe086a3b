"""What goes wrong on the sidewalk and at the roadside. Each draws it, or what is left once it was put right."""

from typing import Final

from pantau.demo.drawing.canvas import Flat
from pantau.demo.drawing.light import Colour, mix
from pantau.demo.drawing.road_troubles import cone
from pantau.demo.drawing.street import KERB_M, PAVING, WALK, Street
from pantau.demo.drawing.vehicles import car, cart, motorcycle, person

_BAGS: Final[tuple[Colour, ...]] = (
    (44, 44, 50), (60, 60, 66), (220, 220, 214), (190, 54, 50), (54, 98, 160), (236, 190, 70), (80, 140, 90),
)  # fmt: skip


def sidewalk_parking(street: Street, solved: bool) -> None:
    """A van on the sidewalk and a scooter before it; a free sidewalk with a stroller afterwards."""
    u, a = street.walk_spot
    if solved:
        person(street, (u + 2.0, a), KERB_M, headscarf=True)
        return
    if street.along:
        motorcycle(street, (u + 6.2, a), KERB_M)
        car(street, (u, 0.85), KERB_M)
        person(street, (u - 0.6, WALK[1] + 0.7))
    else:
        car(street, (u - 2.6, 1.0), KERB_M)
        motorcycle(street, (u + 3.3, a + 0.3), KERB_M)
        motorcycle(street, (u - 4.0, a), KERB_M, flip=True)


def sidewalk_vendor(street: Street, solved: bool) -> None:
    """A food cart, plastic stools and customers on the sidewalk; a free sidewalk afterwards."""
    u, a = street.walk_spot
    if solved:
        person(street, (u + 1.0, a), KERB_M)
        return
    rng = street.rng
    words = rng.choice(("BAKSO", "SATE", "ES TEBU", "SIOMAY", "MARTABAK", "CILOK"))
    person(street, (u + 0.5, a - 0.7), KERB_M)
    cart(street.canvas, street.spot(u, a), KERB_M, words, rng.choice(((46, 116, 170), (60, 140, 90), (206, 72, 52))))
    for n in range(3):
        x, z = street.spot(u - 0.9 + n * 0.1, a + 1.0) if street.along else street.spot(u + 1.7 + n * 0.75, a + 0.3)
        x += 0.55 * n if street.along else 0
        colour: Colour = ((204, 60, 60), (60, 110, 180), (60, 150, 100))[n]
        street.canvas.face(
            z,
            [
                (x - 0.2, 0.14),
                (x - 0.14, 0.58),
                (x + 0.14, 0.58),
                (x + 0.2, 0.14),
                (x + 0.1, 0.14),
                (x, 0.46),
                (x - 0.1, 0.14),
            ],
            colour,
        )
        street.canvas.puddle((x, z), (0.18, 0.08), mix(colour, (255, 255, 255), 0.3), height=0.58)
    person(street, (u + (1.6 if street.along else -1.9), a + 0.5), KERB_M, headscarf=True)


def rubbish(street: Street, solved: bool) -> None:
    """A heap of bags beside an overflowing bin; an empty bin afterwards."""
    _bin(street, solved)
    if not solved:
        _heap(street, street.walk_spot, 1.15, 30)


def illegal_dumping(street: Street, solved: bool) -> None:
    """Sacks, planks and an old mattress thrown down at the roadside; a notice afterwards."""
    u, a = street.walk_spot
    x, z = street.spot(u, a - 0.5)
    canvas = street.canvas
    if solved:
        canvas.box(z, (x - 0.05, 0.1, x + 0.05, 1.4), (120, 90, 60))
        canvas.box(z, (x - 0.85, 1.0, x + 0.85, 1.75), (246, 240, 222))
        canvas.text(z, (x, 1.52), (0.19, 1.6), "DILARANG BUANG", (180, 40, 36))
        canvas.text(z, (x, 1.22), (0.19, 1.6), "SAMPAH DI SINI", (180, 40, 36))
        return
    canvas.face(z + 0.4, [(x - 0.2, 0.1), (x + 1.5, 0.1), (x + 1.75, 1.35), (x + 0.1, 1.5)], (206, 196, 176))
    for n in range(4):
        canvas.line(
            [(x - 0.1 + n * 0.1, 0.35 + n * 0.32, z + 0.38), (x + 1.5 + n * 0.06, 0.32 + n * 0.3, z + 0.38)],
            0.03,
            (150, 120, 130),
        )
    for n in range(5):
        canvas.line(
            [(x - 1.5 + n * 0.3, 0.12, z), (x - 0.6 + n * 0.25, 1.0 + 0.12 * (n % 3), z + 0.2)], 0.09, (150, 112, 76)
        )
    _heap(street, (u, a), 1.3, 34)
    canvas.disc(z - 0.5, (x - 1.1, 0.4), 0.3, (42, 42, 46))
    canvas.disc(z - 0.5, (x - 1.1, 0.4), 0.16, (96, 92, 88))


def sidewalk_damage(street: Street, solved: bool) -> None:
    """Slabs heaved and missing over a hole; fresh lighter slabs afterwards."""
    u, a = street.walk_spot
    canvas = street.canvas
    half = (0.95, 0.85)
    square = [
        (u - half[0], a - half[1]),
        (u + half[0], a - half[1]),
        (u + half[0], a + half[1]),
        (u - half[0], a + half[1]),
    ]
    if solved:
        street.flat(square, mix(PAVING, (255, 255, 255), 0.35), KERB_M)
        for n in range(4):
            line = u - half[0] + n * half[0] * 2 / 3
            canvas.line(
                [street.at(line, a - half[1], KERB_M), street.at(line, a + half[1], KERB_M)], 0.02, (150, 140, 128)
            )
        return
    street.rough((u, a), (1.25, 1.0), (142, 116, 88), ragged=0.12, h=KERB_M)
    street.rough((u + 0.1, a), (0.75, 0.6), (48, 42, 40), ragged=0.14, h=KERB_M)
    for du, da, tip in ((-1.0, -0.5, 0.3), (0.9, 0.55, 0.36), (1.0, -0.7, 0.22), (-0.8, 0.75, 0.26)):
        slab = [
            (du - 0.35, da - 0.3, 0.0),
            (du + 0.3, da - 0.32, tip),
            (du + 0.34, da + 0.3, tip),
            (du - 0.32, da + 0.32, 0.0),
        ]
        canvas.polygon([street.at(u + x, a + y, KERB_M + h) for x, y, h in slab], mix(PAVING, (120, 110, 100), 0.25))
        canvas.polygon(
            [
                street.at(u + du + 0.3, a + da + s, KERB_M + h)
                for s, h in ((-0.32, 0), (-0.32, tip), (0.3, tip), (0.3, 0))
            ],
            (104, 94, 86),
        )
    for _ in range(18):
        x, z = street.spot(u + street.rng.uniform(-1.4, 1.4), a + street.rng.uniform(-1, 1.1))
        canvas.disc(z, (x, KERB_M + 0.03), street.rng.uniform(0.03, 0.08), (164, 150, 134), 0.7)
    cone(street, (u - 1.3, WALK[1] + 0.45))


def drain_blocked(street: Street, solved: bool) -> None:
    """An open drain full of plastic and mud, spilling over; the same drain clean afterwards."""
    u, _ = street.walk_spot
    band = (0.55, 1.85)
    start, stop = (1.6, 26.0) if street.along else (-13.0, 13.0)
    frame = [(start, band[0] - 0.15), (stop, band[0] - 0.15), (stop, band[1] + 0.15), (start, band[1] + 0.15)]
    street.flat(frame, (150, 146, 138), KERB_M)
    inner = [(start, band[0]), (stop, band[0]), (stop, band[1]), (start, band[1])]
    street.flat(inner, (84, 150, 166) if solved else (84, 76, 56), KERB_M)
    street.flat(
        [(start, band[0]), (stop, band[0]), (stop, band[0] + 0.3), (start, band[0] + 0.3)], (110, 106, 100), KERB_M
    )
    rng = street.rng
    if solved:
        for n in range(12):
            street.rough((start + 0.6 + n * 1.3, 1.35), (0.4, 0.05), (150, 200, 210), ragged=0.05, h=KERB_M)
        return
    for _ in range(5):
        street.rough((u + rng.uniform(-2.4, 3), 1.5), (0.9, 0.35), (104, 92, 60), h=KERB_M)
    for n in range(46):
        x, z = street.spot(u + rng.gauss(0, 1.1), band[0] + 0.35 + n / 46 * 0.9)
        colour = rng.choice(_BAGS)
        if n % 3:
            bag(street, (x, z), rng.uniform(0.09, 0.22), colour)
        else:
            street.canvas.line([(x, 0.25, z), (x + 0.22, 0.34, z)], 0.08, (150, 206, 220))
    street.rough((u, WALK[1] + 0.5), (1.6, 0.4), (112, 108, 92), ragged=0.15)


def public_facility(street: Street, solved: bool) -> None:
    """A park bench with broken slats; a whole one afterwards."""
    u, a = street.walk_spot
    x, z = street.spot(u, a)
    canvas = street.canvas
    iron: Colour = (60, 66, 70)
    wood: Colour = (174, 112, 66) if solved else (134, 104, 80)
    canvas.puddle((x, z), (1.3, 0.35), (120, 112, 104), height=KERB_M)
    for foot in (-1.0, 0.95):
        canvas.box(z, (x + foot, 0.14, x + foot + 0.1, 1.1), iron)
    for n, h in enumerate((0.58, 0.68, 0.9, 1.08)):
        if solved or n in (1, 2):
            canvas.box(z - 0.05 * n, (x - 1.12, h, x + 1.12, h + 0.085), wood)
        else:
            canvas.box(z, (x - 1.12, h, x - 0.35, h + 0.085), wood)
            canvas.face(
                z, [(x + 0.1, 0.2 + h * 0.2), (x + 1.1, h), (x + 1.1, h + 0.08), (x + 0.12, 0.3 + h * 0.2)], wood
            )
    if not solved:
        canvas.line([(x - 0.5, 0.17, z - 0.6), (x + 0.5, 0.2, z - 0.5)], 0.09, wood)
        canvas.line([(x - 0.1, 0.17, z - 0.8), (x + 0.9, 0.17, z - 0.7)], 0.09, wood)


def _heap(street: Street, at: Flat, reach: float, count: int) -> None:
    """Bags piled up, the back ones first and highest in the middle."""
    u, a = at
    rng = street.rng
    x, z = street.spot(u, a)
    street.canvas.puddle((x, z), (reach * 1.35, 0.6), (104, 98, 88), ragged=0.12, height=KERB_M)
    for n in range(count):
        layer = n / count
        off = rng.uniform(-1, 1) * reach * (0.35 + 0.75 * layer)
        height = KERB_M + 0.08 + (1 - layer) * 0.75 * max(0.1, 1 - abs(off) / reach)
        bag(street, (x + off, z + 0.5 - layer), rng.uniform(0.17, 0.3), rng.choice(_BAGS), height)
    for _ in range(14):
        canvas = street.canvas
        bx, bz = x + rng.uniform(-1.5, 1.5) * reach, z - rng.uniform(0.3, 0.8)
        canvas.face(bz, [(bx, 0.15), (bx + 0.12, 0.17), (bx + 0.1, 0.25), (bx + 0.02, 0.23)], rng.choice(_BAGS[2:]))


def bag(street: Street, at: Flat, size: float, colour: Colour, height: float = 0.16) -> None:
    """A tied plastic bag: x, z and its underside's height."""
    x, z = at
    canvas = street.canvas
    canvas.disc(z, (x, height + size * 0.7), size, mix(colour, (0, 0, 0), 0.22), 0.85)
    canvas.disc(z, (x - size * 0.12, height + size * 0.8), size * 0.82, colour, 0.82)
    canvas.face(
        z,
        [
            (x - size * 0.2, height + size * 1.4),
            (x + size * 0.1, height + size * 1.4),
            (x + size * 0.25, height + size * 1.9),
            (x - size * 0.3, height + size * 1.85),
        ],
        colour,
    )
    canvas.disc(z, (x - size * 0.35, height + size * 1.0), size * 0.2, mix(colour, (255, 255, 255), 0.4))


def _bin(street: Street, solved: bool) -> None:
    u, a = street.walk_spot
    x, z = street.spot(u, a)
    x += 1.45
    canvas = street.canvas
    green: Colour = (58, 134, 84)
    canvas.puddle((x, z), (0.5, 0.2), (120, 112, 104), height=KERB_M)
    canvas.face(z, [(x - 0.32, 0.16), (x + 0.32, 0.16), (x + 0.4, 1.02), (x - 0.4, 1.02)], green)
    canvas.face(z, [(x - 0.44, 1.0), (x + 0.44, 1.0), (x + 0.44, 1.1), (x - 0.44, 1.1)], mix(green, (20, 40, 30), 0.3))
    canvas.text(z, (x, 0.62), (0.17, 0.62), "SAMPAH", (240, 244, 236))
    if solved:
        canvas.face(z, [(x - 0.42, 1.1), (x + 0.42, 1.1), (x + 0.3, 1.22), (x - 0.3, 1.22)], green)
    else:
        for n in range(4):
            bag(street, (x - 0.3 + n * 0.2, z), 0.2, _BAGS[n], 1.0)
