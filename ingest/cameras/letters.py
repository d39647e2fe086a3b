"""The letter to a permit's owner, as PDF in Indonesian: what was found, what to do, until when. A person signs it.

The only home of reportlab. The facts are the register's; no letter says more than the permit's state does.
"""

import io
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import KeepTogether, ListFlowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from cases.compliance import Finding
from cases.dates import spoken
from cases.lettering import is_whole, nearest
from cases.sentences import sentence
from cases.words import PermitState
from ingest.cameras.compliance import Standing
from storage.tables import Permit

_SUBJECTS: Final = {
    PermitState.WARNED_1: "Surat Peringatan Pertama",
    PermitState.WARNED_2: "Surat Peringatan Kedua",
    PermitState.WARNED_3: "Surat Peringatan Ketiga",
    PermitState.FROZEN: "Pembekuan Izin",
    PermitState.REVOKED: "Pencabutan Izin",
    PermitState.COMPLIANT: "Pemberitahuan Kepatuhan Kamera",
}
_NOTICE: Final = "Pemberitahuan Kewajiban Kamera"
_ORDERS: Final = {
    PermitState.PENDING: "Kami mohon Saudara melengkapi dan memperbaiki kamera tersebut serta mendaftarkannya.",
    PermitState.NON_COMPLIANT: "Kami mohon Saudara segera memperbaikinya agar tidak diterbitkan surat peringatan.",
    PermitState.WARNED_1: "Saudara diperingatkan untuk memperbaikinya.",
    PermitState.WARNED_2: "Saudara diperingatkan untuk kedua kalinya agar memperbaikinya.",
    PermitState.WARNED_3: "Saudara diperingatkan untuk ketiga kalinya, dan terakhir, agar memperbaikinya.",
    PermitState.FROZEN: "Dengan ini izin dibekukan sampai kewajiban tersebut dipenuhi.",
    PermitState.REVOKED: "Dengan ini izin dicabut.",
}
_ONLY_IF_FOUND: Final = frozenset({PermitState.PENDING, PermitState.NON_COMPLIANT})
"""The states whose order asks for what is lacking; the others' was a person's decision."""

_LETTERS_LACKING: Final = (
    "Catatan: sebagian huruf pada surat ini tidak dapat dicetak dan diganti huruf terdekat atau tanda tanya. Yang "
    "berlaku adalah tulisan pada register izin."
)
_EDGE: Final = 25 * mm
_FONTS: Final = {"Surat": "Vera.ttf", "Surat-Tebal": "VeraBd.ttf"}


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes: the city's name as the pages show it, and the zone that its days are in."""

    city: str
    zone: ZoneInfo


def letter(head: Letterhead, standing: Standing, now: datetime) -> bytes:
    """The letter of this permit as it stands, as a PDF; of one page, unless very much was found."""
    for name, file in _FONTS.items():
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, file))
    permit = standing.permit
    subject = _SUBJECTS.get(permit.state, _NOTICE)
    made = io.BytesIO()
    document = SimpleDocTemplate(
        made,
        pagesize=A4,
        leftMargin=_EDGE,
        rightMargin=_EDGE,
        topMargin=20 * mm,
        bottomMargin=20 * mm,
        title=f"{subject} {permit.number}",
        author=head.city,
        lang="id",
    )
    document.build([*_head(head, permit, subject, now), *_body(head, standing, now), *_note(head, standing), _end()])
    return made.getvalue()


_TEXT: Final = ParagraphStyle("text", fontName="Surat", fontSize=10, leading=15, spaceAfter=8)
_CITY: Final = ParagraphStyle("city", fontName="Surat-Tebal", fontSize=14, leading=18)
_DAY: Final = ParagraphStyle("day", parent=_TEXT, alignment=TA_RIGHT)
_GAP: Final = 6 * mm
_WIDE: Final = A4[0] - 2 * _EDGE - 12
"""What the page leaves for text: reportlab keeps six points free on either side."""


def _paragraph(text: str, style: ParagraphStyle = _TEXT) -> Paragraph:
    """A paragraph of plain text, in letters that can be printed: what owners are called is never markup."""
    return Paragraph(escape(nearest(text, _letters())), style)


@cache
def _letters() -> frozenset[int]:
    """The code points that the typefaces have, both the same: what they draw as an empty box is their glyph 0."""
    glyphs: dict[int, int] = TTFont("Surat", _FONTS["Surat"]).face.charToGlyph
    return frozenset(code for code, glyph in glyphs.items() if glyph)


def _head(head: Letterhead, permit: Permit, subject: str, now: datetime) -> list[Any]:
    named = [("Nomor izin", permit.number), ("Perihal", subject), ("Kepada", permit.owner_name)]
    if permit.address:
        named.append(("Alamat", permit.address))
    rows = [[_paragraph(name), _paragraph(":"), _paragraph(value)] for name, value in named]
    table = Table(rows, colWidths=[28 * mm, 5 * mm, _WIDE - 33 * mm], hAlign="LEFT")
    even = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("BOTTOMPADDING", (0, 0), (-1, -1), -4),
        ("LEFTPADDING", (0, 0), (0, -1), 0),
    ]
    table.setStyle(TableStyle(even))
    return [_paragraph(head.city, _CITY), _paragraph(_day(now, head.zone), _DAY), table, Spacer(0, _GAP)]


def _body(head: Letterhead, standing: Standing, now: datetime) -> list[Any]:
    permit, found = standing.permit, standing.found
    said: list[Any] = [
        _paragraph("Dengan hormat,"),
        _paragraph(
            f"Izin bangunan {permit.number} mewajibkan Saudara memasang {permit.cameras_required} kamera yang "
            f"menghadap jalan. Sampai {_day(now, head.zone)} terdaftar {len(standing.cameras)} kamera."
        ),
    ]
    if found:
        said += [_paragraph("Pada pemeriksaan ditemukan:"), _list(head, standing), Spacer(0, 8)]
    else:
        said.append(_paragraph("Pada pemeriksaan tidak ditemukan kekurangan."))
    order = _ORDERS.get(permit.state)
    if order is not None and (found or permit.state not in _ONLY_IF_FOUND):
        said.append(_paragraph(order))
    if permit.state_due_at is not None:
        said.append(_paragraph(f"Batas waktu: {_day(permit.state_due_at, head.zone)}."))
    said.append(_paragraph("Kamera dapat didaftarkan dan diperiksa gambarnya pada halaman Pantau dengan akun Saudara."))
    return said


def _list(head: Letterhead, standing: Standing) -> ListFlowable:
    names = {camera.id: f"{camera.name} (kamera nomor {camera.number})" for camera in standing.cameras}
    lines = [_paragraph(_finding(one, names, head.zone)) for one in standing.found]
    return ListFlowable(
        lines, bulletType="1", bulletFormat="%s.", bulletFontName="Surat", bulletFontSize=10, leftIndent=18
    )


def _finding(one: Finding, names: dict[Any, str], zone: ZoneInfo) -> str:
    what = sentence(f"shortfall.{one.shortfall}", "id")
    about = f"{names[one.camera_id]}: " if one.camera_id in names else ""
    return f"{about}{what}, sejak {_day(one.since, zone)}."


def _note(head: Letterhead, standing: Standing) -> list[Any]:
    """Says that a name is not written as its owner writes it, where a letter of it cannot be printed."""
    permit = standing.permit
    names = (head.city, permit.number, permit.owner_name, permit.address, *(camera.name for camera in standing.cameras))
    whole = all(is_whole(name, _letters()) for name in names)
    return [] if whole else [_paragraph(_LETTERS_LACKING)]


def _end() -> KeepTogether:
    lines = ("Pejabat yang berwenang,", "", "", "(...........................................)", "NIP.")
    return KeepTogether([Spacer(0, _GAP), *(_paragraph(line) if line else Spacer(0, 8 * mm) for line in lines)])


def _day(moment: datetime, zone: ZoneInfo) -> str:
    """A day as Indonesian writes it: 17 Agustus 2026."""
    return spoken(moment.astimezone(zone).date(), "id")
