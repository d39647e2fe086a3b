"""What lines a street: shophouses in town, tiled houses in the kampung, rice and palms beyond, poles and wires."""

from typing import Final

from pantau.demo.chance import dice
from pantau.demo.drawing.light import Colour, Light, mix
from pantau.demo.drawing.street import FAR_FRONT, KERB_M, Setting, Street

_WALLS: Final[tuple[Colour, ...]] = (
    (240, 214, 170), (222, 150, 118), (168, 200, 190), (244, 232, 206), (206, 176, 196), (152, 184, 210),
    (232, 190, 110), (190, 206, 150), (226, 170, 160), (214, 208, 200),
)  # fmt: skip
_SIGNS: Final[tuple[Colour, ...]] = ((190, 52, 48), (34, 104, 160), (36, 126, 84), (222, 140, 30), (98, 62, 130))
_ROOF: Final[tuple[Colour, ...]] = ((170, 84, 60), (146, 70, 56), (124, 80, 66), (150, 100, 70))
_SHOPS: Final = (
    "TOKO MAJU JAYA", "WARUNG BU SRI", "BENGKEL PAK DHE", "PULSA & DATA", "APOTEK SEHAT", "FOTOKOPI", "SOTO AYAM",
    "LAUNDRY KILAT", "TOKO BERKAH", "SALON AYU", "MIE AYAM BAKSO", "BANGUNAN JAYA", "OPTIK TERANG", "TOKO SINAR",
)  # fmt: skip
_LEAF: Final[tuple[Colour, ...]] = ((92, 150, 72), (74, 134, 78), (118, 160, 66))


def line_street(street: Street, light: Light) -> None:
    """House fronts on both sides, furthest first, then trees and poles."""
    if street.along:
        _front_row(street, light, FAR_FRONT, outwards=-1)
    _front_row(street, light, 0.0, outwards=1)


def _front_row(street: Street, light: Light, a: float, outwards: int) -> None:
    """Plots along one side from far to near. `outwards` is +1 where the road lies at larger a."""
    start, stop = street.reach
    plots: list[tuple[float, float]] = []
    u = start - street.rng.uniform(0, 4)
    while u < min(stop, 62):
        width = street.rng.uniform(4.2, 6.6)
        plots.append((u, u + width))
        u += width + (0.0 if street.setting is Setting.TOWN else street.rng.uniform(1.2, 3.4))
    # Side walls point to where the eye looks: what is far from there comes first.
    plots.sort(key=lambda plot: -plot[0] if street.along else -abs(plot[0] + plot[1]))
    row = street.rng.random()
    for n, (u0, u1) in enumerate(plots):
        # A plot looks the same whatever the hour made its neighbours draw.
        street.canvas.rng = dice(row, n)
        chance = street.rng.random()
        if street.setting is Setting.TOWN:
            _shophouse(street, light, a, outwards, (u0, u1))
        elif street.setting is Setting.HILLS and chance < 0.65:
            _field(street, a, outwards, (u0, u1))
        elif street.setting is Setting.COAST and chance < 0.5:
            palm(street, ((u0 + u1) / 2, a - outwards * street.rng.uniform(0.5, 2.5)))
        else:
            _house(street, light, a, outwards, (u0, u1))


def _shophouse(street: Street, light: Light, a: float, outwards: int, plot: tuple[float, float]) -> None:
    """Two or three floors: shutters or a shop window below, an awning with a sign, windows above."""
    rng, (u0, u1) = street.rng, plot
    floors = rng.choice((1, 2, 2, 3))
    height = 1.0 + 2.9 * floors
    wall, sign = rng.choice(_WALLS), rng.choice(_SIGNS)
    _flanks(street, a, a - outwards * 6, plot, (height, wall))
    street.panel(a, (u0, 0, u1, height), wall)
    street.panel(a, (u0, height - 0.35, u1, height), mix(wall, (70, 50, 40), 0.3))
    middle = (u0 + u1) / 2
    shut = rng.random() < 0.35 or light.dark > 0.9
    inside: Colour = (150, 156, 162) if shut else (74, 66, 66)
    street.panel(a, (u0 + 0.4, 0.14, u1 - 0.4, 2.5), inside)
    if shut:
        for n in range(8):
            street.panel(a, (u0 + 0.4, 0.3 + n * 0.28, u1 - 0.4, 0.34 + n * 0.28), (124, 130, 136))
    else:
        for n in range(3):
            shelf = u0 + 0.7 + n * (u1 - u0 - 1.4) / 3
            street.panel(a, (shelf, 0.3, shelf + 0.9, rng.uniform(0.9, 1.6)), rng.choice(_SIGNS))
    for floor in range(1, floors):
        for n in range(2):
            left = u0 + 0.6 + n * (u1 - u0 - 0.6) / 2
            lit = rng.random() < 0.4 and light.dark > 0.6
            _window(street, a, (left, 2.9 * floor + 1.2, left + (u1 - u0) / 2 - 0.9, 2.9 * floor + 2.6), lit=lit)
    out = a + outwards * 1.1
    awning = [(u0 + 0.1, a, 3.0), (u1 - 0.1, a, 3.0), (u1 - 0.1, out, 2.6), (u0 + 0.1, out, 2.6)]
    street.canvas.polygon([street.at(*point) for point in awning], mix(sign, (255, 255, 255), 0.2))
    street.panel(out, (u0 + 0.1, 2.42, u1 - 0.1, 2.62), mix(sign, (255, 255, 255), 0.4))
    street.panel(a + outwards * 0.05, (u0 + 0.3, 3.05, u1 - 0.3, 3.75), sign)
    if not street.along:
        x, z = street.spot(middle, a)
        street.canvas.text(z, (x, 3.4), (0.38, u1 - u0 - 0.8), rng.choice(_SHOPS), (255, 250, 236))


def _window(street: Street, a: float, corners: tuple[float, float, float, float], *, lit: bool) -> None:
    u0, h0, u1, h1 = corners
    street.panel(a, (u0 - 0.08, h0 - 0.08, u1 + 0.08, h1 + 0.08), (246, 242, 232))
    street.panel(a, corners, (255, 214, 120) if lit else (104, 136, 156))
    street.panel(a, ((u0 + u1) / 2 - 0.03, h0, (u0 + u1) / 2 + 0.03, h1), (246, 242, 232))
    if lit:
        street.canvas.lamp(street.at(u0 + (u1 - u0) * 0.25, a, (h0 + h1) / 2), 1.2, (255, 196, 104))


def _flanks(street: Street, a: float, deep: float, plot: tuple[float, float], wall: tuple[float, Colour]) -> None:
    """The side walls, seen where a neighbour is lower or farther back."""
    height, colour = wall
    shade = mix(colour, (50, 40, 60), 0.28)
    for u in sorted(plot, reverse=street.along):
        street.end(u, [(a, 0), (deep, 0), (deep, height), (a, height)], shade)


def _house(street: Street, light: Light, a: float, outwards: int, plot: tuple[float, float]) -> None:
    """One floor under a tiled roof behind a low fence, with a mango tree beside it."""
    rng, (u0, u1) = street.rng, plot
    wall, roof = rng.choice(_WALLS), rng.choice(_ROOF)
    back = a - outwards * 2.2
    tree(street, (u0 - 0.9, back), rng.uniform(3.0, 4.4))
    _flanks(street, back, back - outwards * 6, plot, (2.9, wall))
    street.panel(back, (u0, 0, u1, 2.9), wall)
    middle = (u0 + u1) / 2
    street.panel(back, (middle - 0.45, 0.1, middle + 0.45, 2.1), (122, 78, 52))
    for left in (u0 + 0.5, u1 - 1.6):
        _window(street, back, (left, 1.0, left + 1.1, 2.0), lit=rng.random() < 0.6 and light.dark > 0.6)
    eave, ridge = back + outwards * 0.7, back - outwards * 2.6
    slope = [(u0 - 0.5, eave, 2.7), (u1 + 0.5, eave, 2.7), (u1 - 0.4, ridge, 4.5), (u0 + 0.4, ridge, 4.5)]
    street.canvas.polygon([street.at(*point) for point in slope], roof)
    for n in range(1, 5):
        share = n / 5
        ends = [
            street.at(u, eave + (ridge - eave) * share, 2.7 + 1.8 * share)
            for u in (u0 - 0.5 + 0.9 * share, u1 + 0.5 - 0.9 * share)
        ]
        street.canvas.line(ends, 0.05, mix(roof, (60, 20, 20), 0.3))
    fence = mix(rng.choice(_WALLS), (255, 255, 255), 0.4)
    street.panel(a, (u0 - 0.2, 0, u1 + 0.2, 0.75), fence)
    street.panel(a, (u0 - 0.2, 0.7, u1 + 0.2, 0.8), mix(fence, (80, 60, 50), 0.35))
    for n in range(4):
        x, z = street.spot(u0 + 0.4 + n * (u1 - u0 - 0.8) / 3, a + outwards * 0.1)
        street.canvas.disc(z, (x, 0.35), 0.34, rng.choice(_LEAF))


def _field(street: Street, a: float, outwards: int, plot: tuple[float, float]) -> None:
    """Rice in rows behind a bund."""
    rng, (u0, u1) = street.rng, plot
    green = rng.choice(((136, 186, 78), (170, 190, 84), (110, 170, 84)))
    for n in range(7):
        back = a - outwards * (6.5 - n)
        street.panel(back, (u0 - 1.5, 0, u1 + 1.5, 0.5), mix(green, (60, 110, 60), 0.12 * (n % 3)))
    if rng.random() < 0.5:
        palm(street, (u1, a - outwards * 1.5))


def tree(street: Street, at: tuple[float, float], height: float) -> None:
    """A shady tree: u, a of its foot."""
    x, z = street.spot(*at)
    if z < 2.5:
        return
    canvas = street.canvas
    canvas.face(z, [(x - 0.16, 0), (x + 0.16, 0), (x + 0.09, height * 0.6), (x - 0.09, height * 0.6)], (112, 82, 60))
    canvas.leaves(z, (x, height * 0.72), height * 0.36, street.rng.choice(_LEAF))


def palm(street: Street, at: tuple[float, float]) -> None:
    """A coconut palm."""
    x, z = street.spot(*at)
    if z < 3:
        return
    canvas, rng = street.canvas, street.rng
    height, lean = rng.uniform(4.5, 6.5), rng.uniform(-0.9, 0.9)
    canvas.line([(x, 0, z), (x + lean * 0.3, height * 0.5, z), (x + lean, height, z)], 0.22, (138, 112, 84))
    for n in range(9):
        swing = (n - 4) / 4
        tip = (x + lean + swing * 2.0, height + 0.5 - abs(swing) * 1.5)
        bend = (x + lean + swing * 1.1, height + 0.75 - abs(swing) * 0.2)
        low = (bend[0], bend[1] - 0.4)
        canvas.face(z, [(x + lean, height), bend, tip, low], ((72, 128, 62), (92, 148, 72))[n % 2])
    for n in range(3):
        canvas.disc(z, (x + lean + (n - 1) * 0.2, height - 0.15), 0.15, (120, 130, 60))


def poles(street: Street) -> None:
    """Electricity poles between sidewalk and fronts, with their wires."""
    steps = (44.0, 30.0, 18.0) if street.along else (-9.5, 9.5)
    tops = []
    for u in steps:
        foot, top = street.at(u, 0.8, KERB_M), street.at(u, 0.8, 7.4)
        street.canvas.line([foot, top], 0.2, (118, 118, 116))
        street.canvas.line([street.at(u, 0.2, 7.0), street.at(u, 1.6, 7.0)], 0.12, (100, 100, 98))
        tops.append(u)
    for h in (7.0, 6.7, 6.4):
        points = [street.at(u, 0.8, h) for u in tops]
        points = [*points, street.at(3.0, 0.8, h + 0.1)] if street.along else points
        street.canvas.line(points, 0.03, (60, 62, 66))
