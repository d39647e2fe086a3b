"""What the doors themselves say, in both languages; the rules' own sentences are in `cases.sentences`."""

from api.language import Language

TITLES: dict[int, dict[Language, str]] = {
    400: {"id": "Permintaan tidak dapat dibaca", "en": "The request cannot be read"},
    401: {"id": "Perlu masuk", "en": "Sign in first"},
    403: {"id": "Tidak diizinkan", "en": "Not allowed"},
    404: {"id": "Tidak ditemukan", "en": "Not found"},
    405: {"id": "Cara ini tidak tersedia", "en": "Method not available"},
    409: {"id": "Bertentangan dengan yang tersimpan", "en": "Conflicts with what is kept"},
    410: {"id": "Sudah tidak berlaku", "en": "No longer valid"},
    412: {"id": "Sudah berubah", "en": "Changed meanwhile"},
    413: {"id": "Terlalu besar", "en": "Too large"},
    415: {"id": "Format tidak diterima", "en": "Format not accepted"},
    416: {"id": "Bagian di luar berkas", "en": "Range outside the file"},
    422: {"id": "Isi tidak benar", "en": "Content not valid"},
    429: {"id": "Terlalu sering", "en": "Too often"},
    500: {"id": "Terjadi kesalahan", "en": "Something went wrong"},
    503: {"id": "Belum siap", "en": "Not available right now"},
}

DETAILS: dict[str, dict[Language, str]] = {
    "bad_request": {
        "id": "Permintaan ini tidak dapat dibaca. Periksa bentuknya menurut dokumentasi API.",
        "en": "This request cannot be read. Check its form against the API's documentation.",
    },
    "sign_in_needed": {
        "id": "Masuk dahulu, atau sertakan token API.",
        "en": "Sign in first, or send an API token.",
    },
    "session_expired": {
        "id": "Sesi Anda sudah berakhir. Masuk lagi.",
        "en": "Your session has ended. Sign in again.",
    },
    "token_refused": {
        "id": "Token ini salah, kedaluwarsa atau dicabut. Buat token baru.",
        "en": "This token is wrong, expired or revoked. Make a new one.",
    },
    "not_allowed": {
        "id": "Akun Anda tidak memiliki hak untuk ini. Hubungi administrator bila seharusnya memiliki.",
        "en": "Your account does not have the right to do this. Ask an administrator if it should.",
    },
    "csrf_refused": {
        "id": "Permintaan ini tidak datang dari halaman Pantau yang terbuka. Muat ulang halaman dan coba lagi.",
        "en": "This request did not come from an open Pantau page. Reload the page and try again.",
    },
    "not_found": {
        "id": "Tidak ada yang ditemukan di alamat ini, atau tidak untuk Anda.",
        "en": "There is nothing at this address, or not for you.",
    },
    "method_not_allowed": {
        "id": "Alamat ini tidak menerima cara {method}.",
        "en": "This address does not take {method}.",
    },
    "invalid": {
        "id": "Sebagian isi tidak benar: {fields}. Perbaiki lalu kirim lagi.",
        "en": "Part of the content is not valid: {fields}. Correct it and send it again.",
    },
    "body_too_large": {
        "id": "Yang dikirim lebih besar dari {limit_mb} MB. Kirim dalam ukuran lebih kecil.",
        "en": "What was sent is larger than {limit_mb} MB. Send it in a smaller size.",
    },
    "busy_drawing": {
        "id": "Terlalu banyak peta sedang digambar. Coba lagi beberapa detik lagi.",
        "en": "Too many maps are being drawn. Try again in a few seconds.",
    },
    "preview_pending": {
        "id": "Pratinjau foto ini masih dibuat. Coba lagi beberapa detik lagi.",
        "en": "The preview of this photo is still being made. Try again in a few seconds.",
    },
    "preview_failed": {
        "id": "Pratinjau foto ini tidak dapat dibuat. Buka berkas aslinya.",
        "en": "No preview of this photo could be made. Open the original instead.",
    },
    "still_damaged": {
        "id": "Gambar kamera ini rusak dan tidak dapat dibuka.",
        "en": "This camera picture is damaged and cannot be opened.",
    },
    "cursor_unknown": {
        "id": "Penunjuk halaman ini bukan dari Pantau. Mulai lagi tanpa penunjuk itu.",
        "en": "This cursor is not one that Pantau gave out; begin again without it.",
    },
    "push_refused": {
        "id": "Token kirim ini salah, atau bukan milik kamera ini. Buat token baru di halaman kamera.",
        "en": "This push token is wrong, or not this camera's. Make a new one on the camera's page.",
    },
    "camera_busy": {
        "id": "Kamera ini sedang dikunjungi. Coba lagi sebentar lagi.",
        "en": "This camera is being visited at this moment. Try again shortly.",
    },
    "pushes_at_once": {
        "id": "Kamera ini mengirim terlalu banyak gambar sekaligus. Kirim satu per satu; coba lagi sebentar lagi.",
        "en": "This camera sends too many stills at once. Send one at a time; try again shortly.",
    },
    "film_busy": {
        "id": "Terlalu banyak film sedang dibuat. Coba lagi sebentar lagi.",
        "en": "Too many films are being made at this moment. Try again shortly.",
    },
    "film_late": {
        "id": "Film ini tidak selesai dibuat pada waktunya. Coba lagi beberapa menit lagi.",
        "en": "This film was not made in time. Try again in a few minutes.",
    },
    "look_busy": {
        "id": "Terlalu banyak orang sedang melihat lewat kamera. Coba lagi sebentar lagi.",
        "en": "Too many people are looking through cameras at this moment. Try again shortly.",
    },
    "exports_busy": {
        "id": "Terlalu banyak unduhan sedang dikirim. Coba lagi sebentar lagi, atau minta lewat /api/v1/exports.",
        "en": "Too many downloads are being sent at this moment. Try again shortly, or ask by /api/v1/exports.",
    },
    "form_needed": {
        "id": "Kirim foto sebagai formulir multipart/form-data dengan bagian bernama file.",
        "en": "Send the photo as a multipart/form-data form with a part named file.",
    },
    "range_outside": {
        "id": "Bagian yang diminta berada di luar berkas.",
        "en": "The range asked for lies outside the file.",
    },
    "too_many_attempts": {
        "id": "Terlalu banyak percobaan masuk. Coba lagi dalam {seconds} detik.",
        "en": "Too many attempts to sign in. Try again in {seconds} seconds.",
    },
    "too_many_listeners": {
        "id": "Terlalu banyak yang sedang mengikuti perubahan. Tutup salah satu, atau tanyakan daftarnya berkala.",
        "en": "Too many are following changes at this moment. Close one, or ask for the list now and then.",
    },
    "too_many_requests": {
        "id": "Terlalu banyak permintaan. Coba lagi dalam {seconds} detik.",
        "en": "Too many requests. Try again in {seconds} seconds.",
    },
    "too_many_tests": {
        "id": "Terlalu banyak percobaan kamera. Coba lagi dalam {seconds} detik.",
        "en": "Too many cameras tried. Try again in {seconds} seconds.",
    },
    "unavailable": {
        "id": "Penyimpanan sedang tidak dapat dihubungi. Tidak ada yang hilang; coba lagi sebentar lagi.",
        "en": "Storage cannot be reached right now. Nothing was lost; try again in a moment.",
    },
    "decoder_broken": {
        "id": "Gambar belum dapat dibuka karena gangguan sistem. Coba lagi; bila tetap gagal, hubungi pengelola.",
        "en": "Pictures cannot be opened now, by a fault of this system. Try again, or tell your administrator.",
    },
    "busy": {
        "id": "Terlalu banyak yang meminta pada saat yang sama. Coba lagi beberapa detik lagi.",
        "en": "Too much is asked for at this moment. Try again in a few seconds.",
    },
    "too_slow": {
        "id": "Pertanyaan ini terlalu lama dijawab dan dihentikan. Persempit wilayah, waktu atau jumlahnya.",
        "en": "This question took too long and was given up. Narrow its area, time or number.",
    },
    "full": {
        "id": "Ruang penyimpanan server penuh. Tidak ada yang tersimpan dari permintaan ini; hubungi administrator.",
        "en": "The server's disk is full. Nothing of this request was kept; tell its administrator.",
    },
    "not_ready": {
        "id": "Pantau belum siap bekerja. Jalankan `pantau check` untuk mengetahui sebabnya.",
        "en": "Pantau is not ready to work. Run `pantau check` to see why.",
    },
    "unexpected": {
        "id": "Kesalahan yang tidak terduga sudah dicatat dengan nomor {request_id}. Coba lagi nanti.",
        "en": "An unexpected error was logged under {request_id}. Try again later.",
    },
}

INVALID: dict[str, dict[Language, str]] = {
    "half_place": {"id": "lon dan lat harus dikirim bersama", "en": "lon and lat go together"},
    "missing": {"id": "wajib diisi", "en": "is required"},
    "property_unknown": {"id": "{name} tidak ada di lapisan ini", "en": "this layer has no {name}"},
    "extra_forbidden": {"id": "tidak dikenal", "en": "is not known"},
    "json_invalid": {"id": "bukan JSON yang benar", "en": "is not valid JSON"},
    "string_type": {"id": "harus berupa teks", "en": "must be text"},
    "string_too_short": {"id": "minimal {min_length} huruf", "en": "must have at least {min_length} characters"},
    "string_too_long": {"id": "maksimal {max_length} huruf", "en": "must have at most {max_length} characters"},
    "string_pattern_mismatch": {"id": "bentuknya tidak benar", "en": "does not have the right form"},
    "int_type": {"id": "harus berupa bilangan bulat", "en": "must be a whole number"},
    "int_parsing": {"id": "harus berupa bilangan bulat", "en": "must be a whole number"},
    "int_from_float": {"id": "harus berupa bilangan bulat", "en": "must be a whole number"},
    "float_type": {"id": "harus berupa angka", "en": "must be a number"},
    "float_parsing": {"id": "harus berupa angka", "en": "must be a number"},
    "finite_number": {"id": "harus berupa angka berhingga", "en": "must be a finite number"},
    "bool_type": {"id": "harus true atau false", "en": "must be true or false"},
    "bool_parsing": {"id": "harus true atau false", "en": "must be true or false"},
    "greater_than": {"id": "harus lebih dari {gt}", "en": "must be more than {gt}"},
    "greater_than_equal": {"id": "minimal {ge}", "en": "must be at least {ge}"},
    "less_than": {"id": "harus kurang dari {lt}", "en": "must be less than {lt}"},
    "less_than_equal": {"id": "maksimal {le}", "en": "must be at most {le}"},
    "enum": {"id": "harus salah satu dari {expected}", "en": "must be one of {expected}"},
    "literal_error": {"id": "harus salah satu dari {expected}", "en": "must be one of {expected}"},
    "uuid_parsing": {"id": "harus berupa UUID", "en": "must be a UUID"},
    "uuid_type": {"id": "harus berupa UUID", "en": "must be a UUID"},
    "timezone_aware": {"id": "harus memuat zona waktu", "en": "must carry a time zone"},
    "datetime_from_date_parsing": {"id": "harus berupa waktu RFC 3339", "en": "must be an RFC 3339 time"},
    "datetime_parsing": {"id": "harus berupa waktu RFC 3339", "en": "must be an RFC 3339 time"},
    "datetime_type": {"id": "harus berupa waktu RFC 3339", "en": "must be an RFC 3339 time"},
    "date_from_datetime_parsing": {"id": "harus tanggal seperti 2024-08-17", "en": "must be a day such as 2024-08-17"},
    "date_from_datetime_inexact": {"id": "harus tanggal seperti 2024-08-17", "en": "must be a day such as 2024-08-17"},
    "date_parsing": {"id": "harus tanggal seperti 2024-08-17", "en": "must be a day such as 2024-08-17"},
    "date_type": {"id": "harus tanggal seperti 2024-08-17", "en": "must be a day such as 2024-08-17"},
    "list_type": {"id": "harus berupa daftar", "en": "must be a list"},
    "too_long": {"id": "maksimal {max_length} butir", "en": "must have at most {max_length} items"},
    "too_short": {"id": "minimal {min_length} butir", "en": "must have at least {min_length} items"},
    "model_attributes_type": {"id": "harus berupa objek", "en": "must be an object"},
    "dict_type": {"id": "harus berupa objek", "en": "must be an object"},
}
"""What a field lacks, by pydantic's error type; others keep pydantic's own English."""


def title(status: int, language: Language) -> str:
    """The short name of a kind of problem."""
    return TITLES.get(status, TITLES[400 if status < 500 else 500])[language]


def invalid(kind: str, context: dict[str, object], fallback: str, language: Language) -> str:
    """What is wrong with one field, in words."""
    # A text that is measured once it is tidied, or that is never shown, counts as a value; it is no list.
    kind = f"string_{kind}" if kind in {"too_short", "too_long"} and context.get("field_type") == "Value" else kind
    template = INVALID.get(kind)
    if template is None:
        return fallback.removeprefix("Value error, ")
    # A whole number reads as one: "at most 180", not "180.0".
    shown = {name: f"{value:g}" if isinstance(value, float) else value for name, value in context.items()}
    if "expected" in shown:
        # As pydantic lists them: 'pin', 'exif' or 'device'.
        shown["expected"] = ", ".join(str(shown["expected"]).replace("'", "").split(" or "))
    try:
        return template[language].format(**shown)
    except KeyError:
        return fallback
