"""What goes wrong on posts, walls and in the open: lamps, lights, signs, banners, buildings, bridges, slopes."""

from typing import Final

from pantau.demo.drawing.canvas import Flat
from pantau.demo.drawing.light import Colour, mix
from pantau.demo.drawing.road_troubles import cone
from pantau.demo.drawing.street import KERB_M, ROAD, WALK, Street
from pantau.demo.drawing.vehicles import person

_IRON: Final[Colour] = (104, 110, 116)
_WARM: Final[Colour] = (255, 226, 150)


def streetlight(street: Street, solved: bool) -> None:
    """A lamp post whose lamp hangs broken and dark; shining over the street afterwards."""
    u, a = (12.0, WALK[1] - 0.3) if street.along else (-0.4, WALK[1] - 0.3)
    canvas = street.canvas
    x, z = street.spot(u, a)
    top = 4.6
    canvas.face(z, [(x - 0.09, KERB_M), (x + 0.09, KERB_M), (x + 0.05, top), (x - 0.05, top)], _IRON)
    canvas.box(z, (x - 0.16, KERB_M, x + 0.16, 0.6), mix(_IRON, (30, 30, 40), 0.3))
    canvas.line([(x, top - 0.05, z), (x + 0.5, top + 0.3, z), (x + 1.3, top + 0.35, z)], 0.09, _IRON)
    if solved:
        canvas.face(
            z, [(x + 1.15, top + 0.26), (x + 1.9, top + 0.26), (x + 1.8, top + 0.45), (x + 1.25, top + 0.45)], _IRON
        )
        canvas.box(z, (x + 1.2, top + 0.16, x + 1.85, top + 0.27), _WARM)
        canvas.lamp((x + 1.5, top + 0.21, z), 2.6, (255, 214, 140))
        canvas.lamp((x + 1.5, top + 0.21, z), 6.0, (190, 140, 70))
        return
    canvas.line([(x + 1.3, top + 0.33, z), (x + 1.36, top - 0.15, z)], 0.03, (40, 40, 44))
    canvas.face(
        z,
        [(x + 1.25, top - 0.15), (x + 1.5, top - 0.12), (x + 1.62, top - 0.8), (x + 1.42, top - 0.86)],
        mix(_IRON, (40, 40, 50), 0.3),
    )
    canvas.face(
        z, [(x + 1.25, top - 0.2), (x + 1.34, top - 0.2), (x + 1.45, top - 0.84), (x + 1.38, top - 0.84)], (70, 74, 78)
    )


def traffic_light(street: Street, solved: bool) -> None:
    """A dead signal with traffic wardens' cones; shining green afterwards."""
    u, a = (6.2, WALK[1] - 0.35) if street.along else (0.6, WALK[1] - 0.35)
    canvas = street.canvas
    x, z = street.spot(u, a)
    canvas.box(z, (x - 0.07, KERB_M, x + 0.07, 3.0), (236, 196, 60))
    for n in range(4):
        canvas.box(z, (x - 0.07, 0.3 + n * 0.6, x + 0.07, 0.6 + n * 0.6), (40, 42, 46))
    canvas.box(z, (x - 0.32, 2.2, x + 0.32, 3.75), (36, 38, 42))
    canvas.box(z, (x - 0.38, 3.7, x + 0.38, 3.8), (24, 26, 30))
    lights: tuple[Colour, ...] = ((206, 48, 44), (236, 184, 48), (58, 206, 116))
    for n, colour in enumerate(lights):
        y = 3.5 - n * 0.5
        shining = solved and n == 2
        canvas.disc(z, (x, y), 0.2, colour if shining else mix(colour, (34, 34, 38), 0.82))
        canvas.face(
            z, [(x - 0.22, y + 0.12), (x + 0.22, y + 0.12), (x + 0.26, y + 0.24), (x - 0.26, y + 0.24)], (20, 22, 26)
        )
        if shining:
            canvas.lamp((x, y, z), 1.0, colour)
    if not solved:
        canvas.line([(x + 0.32, 2.3, z), (x + 0.5, 1.7, z), (x + 0.35, 1.4, z)], 0.03, (180, 50, 50))
        for n in range(3):
            cone(street, (street.road_spot[0] + n * 1.0, street.road_spot[1] - 0.9))
        person(street, (street.road_spot[0] + 2.6, street.road_spot[1] + 0.4), arm_up=True)


def road_marking(street: Street, solved: bool) -> None:
    """A bent, rusty sign and a worn crossing; both as new afterwards."""
    u, a = street.road_spot
    rng = street.rng
    paint: Colour = (240, 240, 234) if solved else street.seen((146, 148, 150))
    stripe = 0.42
    for n in range(8):
        a0 = ROAD[0] + 0.25 + n * 0.76
        if street.along:
            street.flat([(u - 0.9, a0), (u + 1.1, a0), (u + 1.1, a0 + stripe), (u - 0.9, a0 + stripe)], paint)
        else:
            left = u - 3.2 + n * 0.85
            street.flat([(left, a - 2.6), (left + 0.5, a - 2.6), (left + 0.5, a + 1.2), (left, a + 1.2)], paint)
    if not solved:
        for _ in range(24):
            street.rough(
                (u + rng.uniform(-1.8, 2.4), a + rng.uniform(-2, 2.4)),
                (0.3, 0.16),
                street.seen((92, 96, 104)),
                ragged=0.3,
            )
    x, z = street.spot(u + 1.4, WALK[1] - 0.4)
    lean = 0.0 if solved else 0.75
    street.canvas.line([(x, KERB_M, z), (x, 1.2, z), (x + lean, 2.4, z)], 0.08, _IRON if solved else (134, 92, 70))
    sign = (28, 96, 170) if solved else (120, 126, 138)
    top = (x + lean, 2.5)
    street.canvas.face(z, _turned(top, 0.5, lean * 0.7), sign)
    street.canvas.face(z, _triangle(top, 0.34, lean * 0.7), (244, 244, 240) if solved else (176, 160, 146))
    if not solved:
        street.canvas.disc(z, (top[0] + 0.2, top[1] - 0.2), 0.12, (150, 96, 62))


def illegal_banner(street: Street, solved: bool) -> None:
    """Banners tied between posts and nailed to a tree; bare posts afterwards."""
    u, a = street.walk_spot
    canvas, rng = street.canvas, street.rng
    x, z = street.spot(u, a)
    for post in (-1.9, 1.9):
        canvas.box(z, (x + post - 0.06, KERB_M, x + post + 0.06, 3.1), (150, 128, 92))
    if solved:
        return
    deals = (
        ("SEDOT WC", "0800-000-111"), ("KREDIT MOTOR", "DP 500 RIBU"), ("RUMAH MURAH", "TANPA BUNGA"),
        ("LES PRIVAT", "SD - SMP - SMA"), ("PROMO LEBARAN", "DISKON 70%"),
    )  # fmt: skip
    colours: tuple[Colour, ...] = ((222, 66, 52), (250, 206, 60), (40, 128, 88), (48, 92, 168))
    colour = rng.choice(colours)
    first, second = rng.choice(deals)
    canvas.face(z - 0.05, [(x - 1.9, 1.55), (x + 1.9, 1.65), (x + 1.9, 2.95), (x - 1.9, 2.85)], colour)
    canvas.face(
        z - 0.05, [(x - 1.9, 1.55), (x + 1.9, 1.65), (x + 1.9, 1.8), (x - 1.9, 1.7)], mix(colour, (255, 255, 255), 0.6)
    )
    ink: Colour = (40, 36, 34) if colour == colours[1] else (255, 252, 240)
    canvas.text(z - 0.05, (x, 2.55), (0.44, 3.5), first, ink)
    canvas.text(z - 0.05, (x, 2.05), (0.32, 3.3), second, ink)
    for n in range(2):
        left = x + (2.1 if n else -3.0)
        canvas.face(z, [(left, 0.9), (left + 0.85, 1.0), (left + 0.85, 2.1), (left, 2.0)], colours[(n + 1) % 4])
        canvas.text(z, (left + 0.42, 1.5), (0.17, 0.75), ("PULSA", "WIFI")[n], (255, 252, 240))


def building_violation(street: Street, solved: bool) -> None:
    """A brick shed half built over the sidewalk; a sealed, cleared plot with a notice afterwards."""
    u, a = street.walk_spot
    canvas = street.canvas
    x, z = street.spot(u, a - 0.3)
    if solved:
        canvas.box(z, (x - 0.05, KERB_M, x + 0.05, 1.2), (120, 90, 60))
        canvas.box(z, (x - 0.9, 1.0, x + 0.9, 1.8), (196, 44, 40))
        canvas.text(z, (x, 1.55), (0.22, 1.6), "DISEGEL", (255, 250, 240))
        canvas.text(z, (x, 1.2), (0.15, 1.6), "SATPOL PP", (255, 250, 240))
        return
    brick: Colour = (186, 104, 78)
    canvas.box(z, (x - 1.7, KERB_M, x + 1.7, 2.0), brick)
    for n in range(10):
        canvas.line([(x - 1.7, 0.3 + n * 0.18, z), (x + 1.7, 0.3 + n * 0.18, z)], 0.02, (222, 204, 186))
        for m in range(9):
            left = x - 1.6 + m * 0.4 + 0.2 * (n % 2)
            canvas.line([(left, 0.12 + n * 0.18, z), (left, 0.3 + n * 0.18, z)], 0.02, (222, 204, 186))
    for n, high in enumerate((0.5, 0.9, 0.35, 0.7, 0.2)):
        canvas.box(z, (x - 1.7 + n * 0.68, 2.0, x - 1.7 + (n + 1) * 0.68, 2.0 + high * 0.6), brick)
    canvas.box(z, (x - 0.4, KERB_M, x + 0.5, 1.85), (70, 56, 52))
    for post in (-1.75, -0.5, 0.6, 1.7):
        canvas.box(z, (x + post, KERB_M, x + post + 0.06, 3.2), (196, 164, 108))
    canvas.box(z, (x - 1.9, 2.75, x + 1.9, 2.82), (196, 164, 108))
    canvas.puddle((x + 2.2, z - 0.6), (0.9, 0.35), (206, 190, 156), ragged=0.1, height=KERB_M)
    canvas.face(z - 0.6, [(x + 1.5, 0.16), (x + 2.9, 0.16), (x + 2.3, 0.7), (x + 2.1, 0.72)], (214, 198, 164))


def bridge_damage(street: Street, solved: bool) -> None:
    """A river under the road: a broken railing and a hole in the deck; whole again afterwards."""
    u, _ = street.road_spot
    u0, u1 = (u - 1.0, u + 3.4) if street.along else (u - 5.5, u + 5.5)
    street.flat([(u0, -20), (u1, -20), (u1, WALK[0]), (u0, WALK[0])], (96, 150, 160))
    for n in range(6):
        street.flat(
            [(u0, -1.2 * n - 0.4), (u1, -1.2 * n - 0.4), (u1, -1.2 * n - 0.52), (u0, -1.2 * n - 0.52)], (150, 196, 200)
        )
    count = 9
    for n in range(count + 1):
        at = u0 + (u1 - u0) * n / count
        broken = not solved and 3 <= n <= 5
        street.canvas.line(
            [street.at(at, WALK[0], KERB_M), street.at(at + (0.3 if broken else 0), WALK[0], 0.5 if broken else 1.15)],
            0.1,
            (226, 222, 212),
        )
    for h in (0.6, 1.1):
        for part in ((0.0, 1.0),) if solved else ((0.0, 0.3), (0.6, 1.0)):
            ends = [street.at(u0 + (u1 - u0) * share, WALK[0], h) for share in part]
            street.canvas.line(ends, 0.09, (206, 66, 54))
    if solved:
        return
    street.canvas.line(
        [street.at(u0 + (u1 - u0) * 0.3, WALK[0], 1.1), street.at(u0 + (u1 - u0) * 0.42, WALK[0] + 0.3, 0.2)],
        0.09,
        (206, 66, 54),
    )
    hole = street.road_spot
    street.rough(hole, (1.2, 0.7), (168, 160, 150), ragged=0.16)
    street.rough(hole, (1.0, 0.55), (58, 104, 116), ragged=0.14)
    for n in range(5):
        street.canvas.line(
            [street.at(hole[0] - 1 + n * 0.4, hole[1] - 0.6, 0), street.at(hole[0] - 0.9 + n * 0.4, hole[1] + 0.5, 0)],
            0.03,
            (130, 84, 60),
        )
    cone(street, (hole[0] - 1.5, hole[1] - 0.9))
    cone(street, (hole[0] + 1.5, hole[1] - 0.9))


def disaster(street: Street, solved: bool) -> None:
    """A landslide over half the road; a cleared road with brown traces afterwards."""
    u, _ = street.road_spot
    earth: Colour = (142, 98, 64)
    rng = street.rng
    if solved:
        street.rough((u, ROAD[0] + 0.8), (2.2, 0.8), mix((92, 96, 104), earth, 0.4), ragged=0.2)
        return
    x, z = street.spot(u + 1.5, 2.0)
    for back, high, wide in ((2.2, 3.0, 3.6), (1.2, 2.1, 3.2), (0.2, 1.3, 2.9), (-0.8, 0.6, 2.4)):
        tone = mix(earth, (90, 56, 36), rng.uniform(0, 0.35))
        ridge = [
            (x - wide + n * wide / 6, high * (1 - abs(n - 6) / 6) ** 0.8 * rng.uniform(0.85, 1.15)) for n in range(13)
        ]
        street.canvas.face(z + back, [(x - wide, 0), *ridge, (x + wide, 0)], tone)
    for n in range(16):
        front = z - rng.uniform(0.6, 1.6)
        tone = mix((150, 140, 128), (100, 90, 80), rng.random())
        street.canvas.disc(
            front, (x + rng.uniform(-2.4, 2.8), 0.1), rng.uniform(0.1, 0.34) * (1.2 if n % 5 == 0 else 0.7), tone, 0.8
        )
    street.canvas.line([(x - 1.2, 0.7, z - 0.4), (x + 1.0, 1.9, z + 0.6)], 0.16, (104, 76, 54))
    street.canvas.leaves(z + 0.5, (x + 1.3, 2.0), 0.6, (84, 136, 70))
    cone(street, (u - 1.2, ROAD[0] + 2.6))


def illegal_levy(street: Street, solved: bool) -> None:
    """A bar across the lane and someone with a hand out; an open lane afterwards."""
    if solved:
        return
    u, a = street.road_spot
    posts = (
        [street.spot(u + 0.8, a - 2.0), street.spot(u + 0.8, a + 1.4)]
        if street.along
        else [street.spot(u - 2, a), street.spot(u + 2, a)]
    )
    (x0, z0), (x1, z1) = posts
    for x, z in posts:
        street.canvas.box(z, (x - 0.06, 0, x + 0.06, 1.0), (130, 100, 70))
    for n in range(8):
        tone: Colour = (214, 60, 50) if n % 2 else (244, 240, 230)
        at = [(x0 + (x1 - x0) * s, 0.95, z0 + (z1 - z0) * s) for s in (n / 8, (n + 1) / 8)]
        street.canvas.line(at, 0.12, tone)
    person(street, (u + (1.4 if street.along else 2.6), a - 1.0), arm_up=True)


def harassment(street: Street, solved: bool) -> None:
    """Only the place: an unlit bus shelter. Nobody is ever drawn."""
    u, a = street.walk_spot
    x, z = street.spot(u, a - 0.6)
    canvas = street.canvas
    for post in (-1.6, 1.52):
        canvas.box(z, (x + post, KERB_M, x + post + 0.08, 2.5), _IRON)
    canvas.box(z, (x - 1.55, 0.9, x + 1.5, 2.3), (176, 202, 208))
    canvas.box(z, (x - 1.3, 0.55, x + 1.3, 0.66), (150, 110, 76))
    canvas.face(z - 0.4, [(x - 1.9, 2.5), (x + 1.9, 2.5), (x + 1.7, 2.75), (x - 1.7, 2.75)], (52, 104, 150))
    canvas.text(z - 0.4, (x, 2.62), (0.16, 2.0), "HALTE", (244, 246, 248))
    if solved:
        canvas.box(z, (x - 0.5, 2.36, x + 0.5, 2.44), _WARM)
        canvas.lamp((x, 2.4, z), 3.0, (255, 220, 150))


def _turned(centre: Flat, radius: float, turn: float) -> list[Flat]:
    """A square, leaning."""
    x, y = centre
    return [
        (x + radius * dx + turn * dy * radius, y + radius * dy - turn * dx * radius)
        for dx, dy in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    ]


def _triangle(centre: Flat, radius: float, turn: float) -> list[Flat]:
    """The white triangle of a crossing sign, leaning."""
    x, y = centre
    return [
        (x + radius * dx + turn * dy * radius, y + radius * dy - turn * dx * radius)
        for dx, dy in ((-1, -0.8), (1, -0.8), (0, 1))
    ]
