"""Invented names: places put together from Javanese and Madurese-sounding parts, streets as towns here name them."""

from collections.abc import Iterator
from random import Random
from typing import Final

REGENCY: Final = "Wanasegara"

_FIRST: Final = (
    "Karang", "Sumber", "Kali", "Tegal", "Wono", "Banyu", "Gunung", "Tanjung", "Sido", "Suka", "Kedung", "Ranu",
    "Purwo", "Rejo", "Bulu", "Watu", "Jati", "Pring", "Tirto", "Segoro", "Glagah", "Kebon", "Sendang", "Argo",
    "Pasir", "Lemah", "Rowo", "Margo", "Gading", "Kembang",
)  # fmt: skip
_SECOND: Final = (
    "rejo", "sari", "agung", "mulyo", "harjo", "dadi", "asri", "anyar", "makmur", "wangi", "lor", "kidul", "wetan",
    "putih", "ireng", "bendo", "gede", "tirto", "jaya", "luhur", "kencono", "pandan", "tengah", "sono", "bening",
    "ploso", "waru", "dukuh", "langgeng", "laut",
)  # fmt: skip
_COMMON: Final = (
    "Sumberagung", "Karanganyar", "Sidomulyo", "Tegalrejo", "Sukorejo", "Kalisari", "Wonosari", "Purwosari",
)  # fmt: skip
"""Names that several districts have, as everywhere: the district decides."""

TOWN_STREETS: Final = (
    "Ahmad Yani", "Diponegoro", "Gajah Mada", "Hayam Wuruk", "Kartini", "Sudirman", "Gatot Subroto", "Pemuda",
    "Pahlawan", "Veteran", "Merdeka", "Imam Bonjol", "Teuku Umar", "Hasanuddin", "Ki Hajar Dewantara", "Dr. Sutomo",
    "Wahid Hasyim", "Basuki Rahmat", "S. Parman", "M.T. Haryono", "Letjen Suprapto", "Brigjen Katamso", "Cokroaminoto",
    "Agus Salim", "Dewi Sartika", "Kenanga", "Melati", "Mawar", "Anggrek", "Cempaka", "Flamboyan", "Kamboja",
    "Dahlia", "Seruni", "Teratai", "Merpati", "Cendrawasih", "Kutilang", "Rajawali", "Nuri", "Mangga", "Jambu",
    "Rambutan", "Manggis", "Belimbing", "Durian", "Semeru", "Bromo", "Arjuno", "Kelud", "Lawu", "Merapi",
    "Ikan Tongkol", "Ikan Tengiri", "Ikan Kerapu", "Ikan Cakalang", "Nakhoda", "Pelabuhan Lama", "Pasar Ikan",
    "Mercusuar", "Pesisir", "Stasiun", "Alun-alun", "Pecinan", "Kauman", "Kepatihan", "Pasar Besar", "Sriwijaya",
    "Majapahit", "Mataram",
)  # fmt: skip

_REAL: Final = frozenset({"Banyuwangi", "Gunungkidul", "Purworejo"})
"""Regencies that the parts happen to spell."""


def place_names(rng: Random) -> Iterator[str]:
    """Plausible place names without repeats."""
    pairs = [first + second for first in _FIRST for second in _SECOND if first.lower() != second]
    rng.shuffle(pairs)
    return (name for name in pairs if name not in _COMMON and name not in _REAL)


def common_names(rng: Random, count: int) -> list[str]:
    """`count` of the names that repeat between districts, all different."""
    return rng.sample(_COMMON, count)


def street_names(rng: Random) -> Iterator[str]:
    """Street names of a town, each once; then the same in numbered lanes (gang)."""
    names = list(TOWN_STREETS)
    rng.shuffle(names)
    yield from (f"Jl. {name}" for name in names)
    number = 1
    while True:
        yield from (f"Jl. {name} Gg. {number}" for name in names)
        number += 1
