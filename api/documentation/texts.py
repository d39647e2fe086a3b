"""What the page says around the description itself, in both languages."""

from typing import Final

from api.language import Language

TEXTS: Final[dict[str, dict[Language, str]]] = {
    "title": {"id": "API Pantau", "en": "The Pantau API"},
    "skip": {"id": "Langsung ke isi", "en": "Skip to the content"},
    "other": {"id": "English", "en": "Bahasa Indonesia"},
    "lead": {
        "id": "Semua yang dilakukan halaman Pantau juga dapat dilakukan program lain lewat pintu yang sama. "
        "Uraian tiap pintu di bawah ini berbahasa Inggris dan sama dengan `/api/openapi.json`.",
        "en": "Everything that the pages of Pantau do goes through the same doors that any program may use. "
        "What stands below is `/api/openapi.json`, to be read by people.",
    },
    "rules": {"id": "Aturan dasar", "en": "Ground rules"},
    "rule.token": {
        "id": "Program mengirim `Authorization: Bearer pantau_...`. Token dibuat di halaman Token API; cakupan dan "
        "masa berlakunya tidak pernah berubah.",
        "en": "Programs send `Authorization: Bearer pantau_...`. Tokens are made on the page of API tokens; what one "
        "may do and when it ends never changes.",
    },
    "rule.places": {
        "id": "Tempat selalu `lon, lat` dalam derajat (WGS84) dengan radius dalam meter; waktu menurut RFC 3339 "
        "dalam UTC.",
        "en": "Places are `lon, lat` in degrees (WGS84) with a radius in metres; times are RFC 3339 in UTC.",
    },
    "rule.problems": {
        "id": "Jawaban yang gagal berbentuk `application/problem+json` (RFC 9457): `code` untuk program, `detail` "
        "untuk orang, dalam bahasa `Accept-Language`. Yang tidak boleh dilihat dijawab 404, seperti yang tidak ada.",
        "en": "What fails is `application/problem+json` (RFC 9457): `code` for programs, `detail` for people, in the "
        "language of `Accept-Language`. What you may not see is 404, like what is not there.",
    },
    "rule.etag": {
        "id": "Jawaban membawa `ETag`; kirim kembali sebagai `If-None-Match` dan terima 304 selama tidak ada "
        "perubahan. Setiap pintu GET juga menjawab HEAD.",
        "en": "Answers carry an `ETag`; send it back as `If-None-Match` and get 304 while nothing has changed. Every "
        "door that answers GET answers HEAD too.",
    },
    "deprecation": {"id": "Pintu yang akan ditutup", "en": "Doors that will be closed"},
    "deprecation.text": {
        "id": "Yang ada di bawah `/api/v1` tidak berubah arti: yang baru hanya ditambahkan. Pintu yang akan ditutup "
        "ditandai di sini dan di setiap jawabannya: `Deprecation` (RFC 9745) sejak kapan, `Sunset` (RFC 8594) sampai "
        "kapan, `Link` ke penggantinya. Sedikitnya {days} hari ada di antaranya.",
        "en": "What is under `/api/v1` keeps its meaning: only additions are made. A door that will be closed is "
        "marked here and in each of its answers: `Deprecation` (RFC 9745) says since when, `Sunset` (RFC 8594) until "
        "when, `Link` what replaces it. At least {days} days lie between the two.",
    },
    "doors": {"id": "Pintu", "en": "Doors"},
    "right": {"id": "Hak yang diperlukan", "en": "Right needed"},
    "public": {"id": "siapa saja", "en": "anybody"},
    "parameters": {"id": "Parameter", "en": "Parameters"},
    "body": {"id": "Isi permintaan", "en": "What is sent"},
    "answers": {"id": "Jawaban", "en": "Answers"},
    "example": {"id": "Contoh", "en": "Example"},
    "name": {"id": "nama", "en": "name"},
    "kind": {"id": "jenis", "en": "kind"},
    "meaning": {"id": "arti", "en": "meaning"},
    "required": {"id": "wajib", "en": "required"},
    "deprecated": {"id": "akan ditutup", "en": "will be closed"},
}


def said(name: str, language: Language) -> str:
    """One of the texts."""
    return TEXTS[name][language]
