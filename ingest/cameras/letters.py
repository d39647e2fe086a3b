"""The letter to a permit's owner, as PDF in Indonesian: what was found, what to do, until when. A person signs it.

The only home of reportlab. The facts are the register's; no letter says more than the permit's state does.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from reportlab.lib.enums import TA_JUSTIFY, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import ListFlowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from cases.compliance import Finding
from cases.dates import spoken
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
_FONTS: Final = {"Surat": "Vera.ttf", "Surat-Tebal": "VeraBd.ttf"}


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes: the city's name as the pages show it, and the zone that its days are in."""

    city: str
    zone: ZoneInfo


def letter(head: Letterhead, standing: Standing, now: datetime) -> bytes:
    """The letter of this permit as it stands, as a PDF of one or two pages."""
    for name, file in _FONTS.items():
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, file))
    permit = standing.permit
    subject = _SUBJECTS.get(permit.state, _NOTICE)
    made = io.BytesIO()
    document = SimpleDocTemplate(
        made,
        pagesize=A4,
        leftMargin=25 * mm,
        rightMargin=25 * mm,
        topMargin=20 * mm,
        bottomMargin=20 * mm,
        title=f"{subject} {permit.number}",
        author=head.city,
        lang="id",
    )
    document.build([*_head(head, permit, subject, now), *_body(head, standing, now), *_end()])
    return made.getvalue()


_TEXT: Final = ParagraphStyle("text", fontName="Surat", fontSize=10, leading=15, alignment=TA_JUSTIFY, spaceAfter=8)
_CITY: Final = ParagraphStyle("city", fontName="Surat-Tebal", fontSize=14, leading=18)
_DAY: Final = ParagraphStyle("day", parent=_TEXT, alignment=TA_RIGHT)
_GAP: Final = 6 * mm


def _paragraph(text: str, style: ParagraphStyle = _TEXT) -> Paragraph:
    """A paragraph of plain text: what owners are called is never markup."""
    return Paragraph(escape(text), style)


def _head(head: Letterhead, permit: Permit, subject: str, now: datetime) -> list[Any]:
    named = [("Nomor izin", permit.number), ("Perihal", subject), ("Kepada", permit.owner_name)]
    if permit.address:
        named.append(("Alamat", permit.address))
    rows = [[_paragraph(name), _paragraph(":"), _paragraph(value)] for name, value in named]
    table = Table(rows, colWidths=[28 * mm, 5 * mm, 127 * mm], hAlign="LEFT")
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
    if order is not None:
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


def _end() -> Sequence[Any]:
    lines = ("Pejabat yang berwenang,", "", "", "(...........................................)", "NIP.")
    return [Spacer(0, _GAP), *(_paragraph(line) if line else Spacer(0, 8 * mm) for line in lines)]


def _day(moment: datetime, zone: ZoneInfo) -> str:
    """A day as Indonesian writes it: 17 Agustus 2026."""
    return spoken(moment.astimezone(zone).date(), "id")
