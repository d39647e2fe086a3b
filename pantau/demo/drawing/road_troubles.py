"""What goes wrong on the carriageway. Each draws the trouble, or what is left of it once it was put right."""

from pantau.demo.drawing.canvas import Flat
from pantau.demo.drawing.light import Colour, Weather, mix
from pantau.demo.drawing.street import ASPHALT, FAR_WALK, ROAD, WALK, Street
from pantau.demo.drawing.vehicles import car, motorcycle, person

_PATCH: Colour = (62, 64, 70)
_WATER: Colour = (142, 132, 108)


def pothole(street: Street, solved: bool) -> None:
    """A hole with a broken rim and water in it; a dark square patch afterwards."""
    u, a = street.road_spot
    if solved:
        _patch(street, (u, a), (1.0, 0.75))
        return
    for du, da, size in ((0.0, 0.0, 1.0), (1.3, 0.9, 0.45), (-1.3, -0.7, 0.35)):
        at = (u + du, a + da)
        street.rough(at, (0.95 * size, 0.62 * size), (150, 142, 130), ragged=0.16)
        street.rough(at, (0.8 * size, 0.5 * size), (66, 60, 54), ragged=0.14)
        street.rough((at[0], at[1]), (0.6 * size, 0.34 * size), (120, 138, 150), ragged=0.1)
        street.rough((at[0] - 0.1 * size, at[1]), (0.25 * size, 0.1 * size), (190, 206, 214), ragged=0.1)
    _gravel(street, (u, a), 1.4)


def road_damage(street: Street, solved: bool) -> None:
    """Crocodile cracks over half a lane; a new surface afterwards."""
    u, a = street.road_spot
    rng = street.rng
    if solved:
        _patch(street, (u, a), (2.1, 1.3))
        return
    street.rough((u, a), (2.2, 1.4), mix(ASPHALT, (150, 140, 120), 0.4), ragged=0.15)
    for _ in range(26):
        cu, ca = u + rng.uniform(-1.8, 1.8), a + rng.uniform(-1.1, 1.1)
        crack = [street.at(cu, ca, 0)]
        for _ in range(4):
            cu, ca = cu + rng.uniform(-0.45, 0.45), ca + rng.uniform(-0.35, 0.35)
            crack.append(street.at(cu, ca, 0))
        street.canvas.line(crack, 0.035, (48, 46, 46))
    street.rough((u + 0.5, a), (0.6, 0.35), (70, 64, 58))
    _gravel(street, (u, a), 2.0)


def flooding(street: Street, solved: bool) -> None:
    """Brown water from front to front with ripples and a rider wading; wet edges afterwards."""
    u, a = street.road_spot
    if solved:
        for n in range(4):
            street.rough((u + n * 1.7 - 2.4, ROAD[0] + 0.5), (0.9, 0.22), mix(ASPHALT, (150, 170, 186), 0.35))
        return
    street.strip((WALK[0] - 0.2, FAR_WALK[1]), _WATER, 0.26)
    rng = street.rng
    start, stop = street.reach
    for _ in range(60):
        ripple = rng.uniform(max(start, -9), min(stop, 22)), rng.uniform(0.6, 10.5)
        tone = mix(_WATER, (226, 226, 214) if rng.random() < 0.6 else (90, 84, 70), 0.45)
        street.rough(ripple, (rng.uniform(0.3, 0.9), 0.045), tone, ragged=0.05, h=0.27)
    # As pale as the water around it, so that it hides wheels and feet unseen.
    water = street.seen(_WATER)
    tail, kerbside = (11.5, 6.6) if street.along else (-4.4, 4.4)
    car(street, (tail, kerbside), -0.12)
    if street.along:
        street.end(
            tail - 0.1,
            [(kerbside - 0.3, -0.5), (kerbside + 1.9, -0.5), (kerbside + 1.9, 0.27), (kerbside - 0.3, 0.27)],
            _WATER,
        )
    street.panel(kerbside + 1.75, (tail - 0.4, -0.5, tail + 4.6, 0.27), water)
    wader = (u + 2.4, a - 1.6)
    person(street, wader, -0.28, arm_up=True)
    x, z = street.spot(*wader)
    street.canvas.box(z - 0.02, (x - 0.4, -0.6, x + 0.4, 0.28), water)
    for wide, pale in ((0.75, 0.5), (0.5, 0.2)):
        street.canvas.puddle((x, z - 0.1), (wide, 0.12), mix(_WATER, (230, 230, 220), pale), height=0.28)


def water_leak(street: Street, solved: bool) -> None:
    """A burst main: a jet from the kerb and a stream over the road; a fresh patch afterwards."""
    u, a = street.road_spot
    a = ROAD[0] + 0.7
    if solved:
        _patch(street, (u, a), (0.7, 0.5))
        return
    street.rough((u, a + 1.6), (1.1, 2.3), (128, 150, 166), ragged=0.12)
    street.rough((u - 0.2, a + 1.4), (0.5, 1.4), (176, 198, 210), ragged=0.14)
    street.rough((u, a), (0.5, 0.35), (84, 70, 58), ragged=0.2)
    x, z = street.spot(u, a)
    for n in range(9):
        lean = (n - 4) * 0.16
        tone: Colour = (226, 240, 246) if n % 2 else (184, 212, 228)
        path = [
            (x + lean * share, 1.75 * (share * 2 - share * share * 1.35) * (1 - abs(lean) * 0.45), z)
            for share in (0, 0.3, 0.6, 0.9, 1.2, 1.45)
        ]
        street.canvas.line(path, 0.06, tone)
    cone(street, (u - 1.2, a + 0.2))


def fallen_tree(street: Street, solved: bool) -> None:
    """A trunk and its crown across the road; a stump and sawdust afterwards."""
    u, a = street.road_spot
    stump = street.spot(u, WALK[1] - 0.5)
    canvas = street.canvas
    if solved:
        canvas.puddle(stump, (0.7, 0.3), (214, 186, 132), ragged=0.2, height=0.15)
        canvas.box(stump[1], (stump[0] - 0.24, 0.14, stump[0] + 0.24, 0.5), (112, 82, 60))
        canvas.puddle(stump, (0.24, 0.1), (206, 170, 118), height=0.5)
        return
    foot = street.at(u + 0.5, WALK[1] - 0.6, 0.5)
    top = street.at(u + (1.4 if street.along else 2.0), a + (2.0 if street.along else 0.0), 0.7)
    x, y, z = top
    canvas.puddle((x, z), (2.0, 0.5), (64, 68, 66), ragged=0.1)
    canvas.leaves(z + 0.3, (x, y + 0.5), 1.35, (84, 138, 70))
    canvas.line([foot, top], 0.36, (112, 82, 60))
    canvas.line([(foot[0], foot[1] + 0.1, foot[2]), (top[0], top[1] + 0.1, top[2])], 0.1, (140, 106, 78))
    canvas.leaves(z - 0.3, (x + 0.5, y), 1.05, (96, 152, 76))
    canvas.leaves(z - 0.6, (x - 0.6, y - 0.15), 0.7, (76, 130, 72))
    for n in range(6):
        turn = (n - 2.5) * 0.3
        canvas.line([foot, (foot[0] - 0.55, foot[1] + turn, foot[2] + 0.1)], 0.09, (92, 66, 48))
    cone(street, (u - 1.2, a + 0.6))


def stray_animal(street: Street, solved: bool) -> None:
    """Two goats and a cow on the road; nothing afterwards."""
    if solved:
        return
    u, a = street.road_spot
    _beast(street, (u + 1.4, a - 0.8), 1.0, (168, 112, 74))
    _beast(street, (u - 0.3, a + 0.5), 0.62, (232, 226, 214))
    _beast(street, (u + 0.5, a + 1.9), 0.58, (70, 60, 56))


def illegal_parking(street: Street, solved: bool) -> None:
    """A van and scooters in the traffic lane under a no-parking sign; only the sign afterwards."""
    u, _ = street.road_spot
    post = street.spot(u + (3.4 if street.along else 2.9), WALK[1] - 0.35)
    x, z = post
    street.canvas.box(z, (x - 0.035, 0.14, x + 0.035, 2.3), (150, 152, 156))
    street.canvas.disc(z, (x, 2.45), 0.33, (200, 40, 40))
    street.canvas.disc(z, (x, 2.45), 0.26, (40, 80, 160))
    street.canvas.face(z, [(x - 0.22, 2.63), (x - 0.17, 2.68), (x + 0.22, 2.27), (x + 0.17, 2.22)], (200, 40, 40))
    if solved:
        return
    if street.along:
        car(street, (u + 4.2, 3.2))
        car(street, (u - 0.4, 3.25))
    else:
        car(street, (u - 4.6, 3.6))
        car(street, (u + 0.1, 3.6))
    motorcycle(street, (u + (0.4 if street.along else 5.2), 5.9 if street.along else 4.6))


def public_order(street: Street, solved: bool) -> None:
    """A row of tyres and a gathering that block a lane; an open road afterwards."""
    if solved:
        return
    u, a = street.road_spot
    for n in range(4):
        person(street, (u + 1.6 + 0.5 * (n % 2), a - 1.5 + n * 0.85), arm_up=n % 2 == 0)
    for n in range(5):
        x, z = street.spot(u + 0.4, a - 1.6 + n * 0.8) if street.along else street.spot(u - 1.6 + n * 0.8, a + 0.4)
        for level in range(1 + n % 2):
            street.canvas.disc(z, (x, 0.14 + level * 0.22), 0.3, (44, 44, 48), 0.5)
            street.canvas.disc(z, (x, 0.2 + level * 0.22), 0.15, (86, 86, 90), 0.4)


def cone(street: Street, at: Flat) -> None:
    """An orange cone: u, a."""
    x, z = street.spot(*at)
    canvas = street.canvas
    canvas.puddle((x, z), (0.26, 0.14), (60, 60, 64))
    canvas.face(z, [(x - 0.2, 0.02), (x + 0.2, 0.02), (x + 0.04, 0.68), (x - 0.04, 0.68)], (232, 104, 40))
    canvas.face(z, [(x - 0.135, 0.24), (x + 0.135, 0.24), (x + 0.095, 0.4), (x - 0.095, 0.4)], (246, 244, 236))


def _patch(street: Street, at: Flat, half: Flat) -> None:
    (u, a), (du, da) = at, half
    wet = street.weather is Weather.RAIN
    street.flat(
        [(u - du, a - da), (u + du, a - da), (u + du, a + da), (u - du, a + da)],
        street.seen(mix(_PATCH, (80, 92, 108), 0.4 if wet else 0)),
    )


def _gravel(street: Street, at: Flat, reach: float) -> None:
    rng = street.rng
    for _ in range(26):
        x, z = street.spot(at[0] + rng.uniform(-reach, reach), at[1] + rng.uniform(-reach, reach) * 0.7)
        street.canvas.disc(
            z, (x, 0.02), rng.uniform(0.015, 0.05), rng.choice(((170, 164, 154), (120, 114, 106), (64, 62, 60))), 0.7
        )


def _beast(street: Street, at: Flat, size: float, coat: Colour) -> None:
    """Something on four legs, seen from its side; `size` 1 is a cow."""
    canvas = street.canvas
    x, z = street.spot(*at)
    dark = mix(coat, (30, 24, 24), 0.35)
    canvas.puddle((x, z), (0.95 * size, 0.25 * size), (70, 70, 74))
    for leg in (-0.62, -0.42, 0.4, 0.58):
        canvas.box(
            z,
            (x + leg * size - 0.06 * size, 0, x + leg * size + 0.07 * size, 0.7 * size),
            dark if leg in (-0.42, 0.58) else coat,
        )
    body: list[Flat] = [
        (-0.75, 0.62),
        (-0.6, 0.5),
        (0.5, 0.5),
        (0.72, 0.68),
        (0.7, 1.1),
        (0.4, 1.2),
        (-0.6, 1.16),
        (-0.78, 1.0),
    ]
    canvas.face(z, [(x + dx * size, dy * size) for dx, dy in body], coat)
    head: list[Flat] = [(0.6, 0.95), (0.95, 0.98), (1.22, 0.98), (1.24, 1.1), (0.98, 1.34), (0.68, 1.2)]
    canvas.face(z, [(x + dx * size, dy * size) for dx, dy in head], coat)
    canvas.face(z, [(x + dx * size, dy * size) for dx, dy in ((0.92, 1.3), (0.86, 1.46), (1.0, 1.33))], dark)
    canvas.face(
        z, [(x + dx * size, dy * size) for dx, dy in ((-0.76, 1.08), (-0.9, 0.6), (-0.84, 0.58), (-0.7, 1.0))], dark
    )
    canvas.disc(z, (x + 1.0 * size, 1.16 * size), 0.035 * size, (24, 20, 20))
