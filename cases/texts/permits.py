"""What is said about permits."""

SENTENCES: dict[str, tuple[str, str]] = {
    "permit.column.number": ("Nomor izin", "Permit number"),
    "permit.column.owner_name": ("Nama pemilik", "Owner name"),
    "permit.column.contact": ("Kontak", "Contact"),
    "permit.column.address": ("Alamat", "Address"),
    "permit.column.issued_on": ("Tanggal terbit", "Issued on"),
    "permit.column.cameras_required": ("Jumlah kamera", "Cameras required"),
    "permit.column.lon": ("Bujur", "Longitude"),
    "permit.column.lat": ("Lintang", "Latitude"),
    "permit.column.state": ("Status", "State"),
    "permit.column.state_since": ("Status sejak ({zone})", "State since ({zone})"),
    "permit.column.state_due_at": ("Batas waktu ({zone})", "Due ({zone})"),
    "permit.column.area": ("Wilayah", "Area"),
    "permit.column.shortfall": ("Kekurangan", "Shortfall"),
    "permit.column.since": ("Sejak ({zone})", "Since ({zone})"),
    "permit.column.days": ("Hari", "Days"),
    "permit.column.camera": ("Kamera", "Camera"),
    "permit_number_invalid": (
        'Nomor izin "{given}" tidak dapat dibaca. Tulis seperti PBG-351021-17082024-01, atau nomor IMB lama.',
        'The permit number "{given}" cannot be read. Write it like PBG-351021-17082024-01, or an older IMB.',
    ),
    "permit_date_invalid": (
        "Delapan angka tengah pada {given} bukan tanggal terbit yang mungkin. Periksa hari, bulan, dan tahunnya.",
        "The eight digits in {given} are no possible day of issue. Check its day, month and year.",
    ),
    "permit_issued_later": (
        "Izin tidak mungkin terbit pada {day}: hari itu belum tiba. Periksa tanggal terbitnya.",
        "A permit cannot have been issued on {day}: that day is still to come. Check the date.",
    ),
    "permit_elsewhere": (
        "Nomor izin menunjuk kecamatan {district}, sedangkan tempatnya di {area}. Periksa nomor atau pinnya.",
        "The permit number names district {district}, but the place lies in {area}. Check the number or the pin.",
    ),
    "permit_district_unknown": (
        "Kode {district} pada nomor izin bukan kecamatan di kota ini. Periksa enam angka pertamanya.",
        "The permit number's code {district} is no district of this city. Check its first six digits.",
    ),
    "permit_outside": (
        "Nomor izin menunjuk kecamatan {district}, sedangkan tempatnya di luar kota. Periksa nomor atau pinnya.",
        "The permit number names district {district}, but its place is outside the city. Check the number or the pin.",
    ),
    "permit_move_not_allowed": (
        "Izin berstatus {status} tidak dapat dipindahkan ke {to} oleh akun Anda.",
        "A permit that is {status} cannot be moved to {to} by your account.",
    ),
    "permit_note_needed": (
        "Tulis catatan: alasan izin menjadi {to} akan dibaca pemiliknya.",
        "Write a note: why the permit becomes {to} will be read by its owner.",
    ),
    "warning_not_due": (
        "Pemilik masih punya waktu sampai {due}. Lanjutkan setelah itu.",
        "The owner still has until {due}. Go on after that.",
    ),
}
