"""Under which property names boundary files keep an area's code and name.

| convention | village | district | written |
|---|---|---|---|
| Kemendagri | `kode`, `nama`, `jenis` | `kode`, `nama` | `35.10.21.1002` |
| BIG, RBI | `KDEPUM`, `WADMKD` | `KDCPUM`, `WADMKC` | `35.10.21.1002` |
| BPS | `iddesa`, `nmdesa` | `idkec`, `nmkec` | `3510210002` |
| HDX COD-AB | `ADM4_PCODE`, `ADM4_EN` (newer `adm4_name`) | `ADM3_PCODE`, `ADM3_EN` | `ID3510210002` |
| plain | `village_code`, `village_name` | `district_code`, `district_name` | either |

Case does not matter. A P-code is the BPS code after the country's letters, and is kept as those digits.
Ten digits are read as BPS writes them (4 regency, 3 district, 3 village) or as a Kemendagri code without
its dots (2, 2, 2, 4), which the codes of a whole file tell apart: `is_kemendagri`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from geo.areas import CodeInvalid, Level, level_of


class FieldUnknown(ValueError):
    """No property of the file is known to hold the code (or the name)."""


@dataclass(frozen=True, slots=True)
class Convention:
    """Property names of one convention at one level, in lower case, the preferred first."""

    level: Level
    code: str
    name: tuple[str, ...]
    kind: tuple[str, ...] = ()
    parent: tuple[str, ...] = ()
    parent_name: tuple[str, ...] = ()
    regency: tuple[str, ...] = ()
    regency_name: tuple[str, ...] = ()
    bps: bool = False


CONVENTIONS = (
    Convention(Level.VILLAGE, "kdepum", ("wadmkd", "namobj"), (), ("kdcpum",), ("wadmkc",), ("kdpkab",), ("wadmkk",)),
    Convention(Level.VILLAGE, "iddesa", ("nmdesa",), (), ("idkec",), ("nmkec",), ("idkab",), ("nmkab",), bps=True),
    Convention(
        Level.VILLAGE,
        "adm4_pcode",
        ("adm4_name", "adm4_en", "adm4_name1"),
        (),
        ("adm3_pcode",),
        ("adm3_name", "adm3_en"),
        ("adm2_pcode",),
        ("adm2_name", "adm2_en"),
        bps=True,
    ),
    Convention(
        Level.VILLAGE,
        "village_code",
        ("village_name", "village"),
        ("village_type",),
        ("district_code",),
        ("district_name", "district"),
        ("regency_code",),
        ("regency_name", "regency"),
    ),
    Convention(
        Level.VILLAGE,
        "kode",
        ("nama",),
        ("jenis", "tipe"),
        ("kode_kecamatan", "kode_kec"),
        ("nama_kecamatan", "kecamatan"),
        ("kode_kabupaten", "kode_kab"),
        ("nama_kabupaten", "kabupaten"),
    ),
    Convention(Level.DISTRICT, "kdcpum", ("wadmkc", "namobj"), (), ("kdpkab",), ("wadmkk",)),
    Convention(Level.DISTRICT, "idkec", ("nmkec",), (), ("idkab",), ("nmkab",), bps=True),
    Convention(
        Level.DISTRICT,
        "adm3_pcode",
        ("adm3_name", "adm3_en"),
        (),
        ("adm2_pcode",),
        ("adm2_name", "adm2_en"),
        bps=True,
    ),
    Convention(
        Level.DISTRICT,
        "district_code",
        ("district_name", "district"),
        (),
        ("regency_code",),
        ("regency_name", "regency"),
    ),
)


@dataclass(frozen=True, slots=True)
class Fields:
    """The properties of one file that are used, spelled as in the file."""

    level: Level
    code: str
    name: str | None
    kind: str | None = None
    parent: str | None = None
    parent_name: str | None = None
    regency: str | None = None
    regency_name: str | None = None
    bps: bool = False

    def used(self) -> list[str]:
        """Their names, each once."""
        found = (self.code, self.name, self.kind, self.parent, self.parent_name, self.regency, self.regency_name)
        return list(dict.fromkeys(field for field in found if field))


def find(properties: Sequence[str], code_field: str | None = None, name_field: str | None = None) -> Fields:
    """The properties to read, from those a file has: as asked for, else by the first convention that fits.

    Raises FieldUnknown, naming the properties found, if there is none for the code, or none by the name asked for.
    """
    spelled = {name.lower(): name for name in properties}
    if code_field:
        conventions = [each for each in CONVENTIONS if each.code == code_field.lower()]
        convention = conventions[0] if conventions else Convention(Level.VILLAGE, code_field.lower(), ("nama", "name"))
    else:
        convention = next((each for each in CONVENTIONS if each.code in spelled), Convention(Level.VILLAGE, "", ()))
    if convention.code not in spelled:
        raise FieldUnknown(_sentence("code", code_field, properties))
    if name_field and name_field.lower() not in spelled:
        raise FieldUnknown(_sentence("name", name_field, properties))

    def first(names: Iterable[str]) -> str | None:
        return next((spelled[name] for name in names if name in spelled), None)

    return Fields(
        convention.level,
        spelled[convention.code],
        spelled[name_field.lower()] if name_field else first(convention.name),
        first(convention.kind),
        first(convention.parent),
        first(convention.parent_name),
        first(convention.regency),
        first(convention.regency_name),
        convention.bps,
    )


def _sentence(what: str, asked: str | None, properties: Sequence[str]) -> str:
    missing = f"there is no property {asked!r}" if asked else f"no property is known to hold an area's {what}"
    found = ", ".join(properties) or "none at all"
    return f"{missing}; the file has {found}. Say which one it is with --{what}-field"


def is_kemendagri(values: Iterable[object]) -> bool:
    """Whether a column of codes, with or without dots, follows Kemendagri's numbering and not BPS's.

    Dots or six digits are Kemendagri's alone. Ten digits are, if the seventh of every code is 1 to 3
    (kelurahan, desa, desa adat): BPS has there the last digit of the district, which is 0 but for
    districts split off later.
    """
    codes = [_digits(value) for value in values]
    villages = [code for code in codes if len(code) == 10 and code.isdigit()]
    if any("." in code or len(code) == 6 for code in codes):
        return True
    return bool(villages) and all(code[6] in "123" for code in villages)


def as_written(values: Iterable[object], *, kemendagri: bool) -> list[str]:
    """The codes of one column as areas carry them; a value that is no code stays as it is.

    Numbers lose their decimals, P-codes their letters; `kemendagri` codes without dots get them.
    """
    codes = [_digits(value) for value in values]
    return [_dotted(code) if kemendagri and code.isdigit() else code for code in codes]


def _digits(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "" if value is None or value != value else str(value).strip()  # noqa: PLR0124 (NaN is not itself)
    return re.sub(r"^[A-Za-z]{2}(?=\d+$)", "", text)


def _dotted(code: str) -> str:
    parts = [code[at:to] for at, to in ((0, 2), (2, 4), (4, 6), (6, 10)) if at < len(code)]
    dotted = ".".join(parts)
    try:
        level_of(dotted)
    except CodeInvalid:
        return code
    return dotted
