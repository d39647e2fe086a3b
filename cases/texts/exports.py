"""What is said about exports, and how their columns are headed for people."""

SENTENCES: dict[str, tuple[str, str]] = {
    "export_unknown": (
        "Unduhan ini tidak ditemukan. Mungkin sudah kedaluwarsa atau dihapus; buat unduhan baru.",
        "This export was not found. It may have expired or been deleted; ask for a new one.",
    ),
    "export_not_ready": (
        "Berkasnya masih dibuat. Lihat kemajuannya lalu coba lagi.",
        "The file is still being made. Watch its progress and try again.",
    ),
    "export_failed": (
        "Berkasnya tidak dapat dibuat. Coba lagi nanti; bila tetap gagal, hubungi pengelola.",
        "The file could not be made. Try again later; if it keeps failing, tell your administrator.",
    ),
    "export_forbidden": (
        "Akun ini sudah tidak berlaku sehingga berkasnya tidak dibuat.",
        "This account is closed, so the file was not made.",
    ),
    "export_sight_changed": (
        "Hak akun Anda berubah sejak berkas ini dibuat. Buat unduhan baru.",
        "What your account may see has changed since this file was made. Ask for a new one.",
    ),
    "export_withdrawn": (
        "Berkas ini ditarik: ada isinya yang sejak itu dihapus atau dirahasiakan. Buat unduhan baru.",
        "This file was withdrawn: something in it has since been deleted or made confidential. Ask for a new one.",
    ),
    "export_too_many": (
        "Anda sudah punya {most} unduhan. Hapus salah satu lalu coba lagi.",
        "You already have {most} exports. Delete one and try again.",
    ),
    "kind.complaint": ("Aduan", "Complaint"),
    "kind.photo": ("Foto", "Photo"),
    "kind.outage": ("Gangguan kamera", "Camera outage"),
    "yes": ("ya", "yes"),
    "no": ("tidak", "no"),
    "column.id": ("ID", "ID"),
    "column.kind": ("Jenis", "Kind"),
    "column.reference": ("Nomor aduan", "Reference"),
    "column.photo": ("ID foto", "Photo ID"),
    "column.category": ("Kategori", "Category"),
    "column.status": ("Status", "Status"),
    "column.agency": ("Dinas", "Agency"),
    "column.area": ("Kode wilayah", "Area code"),
    "column.area_name": ("Wilayah", "Area"),
    "column.time": ("Waktu ({zone})", "Time ({zone})"),
    "column.due_at": ("Tenggat ({zone})", "Due ({zone})"),
    "column.updated_at": ("Diperbarui ({zone})", "Updated ({zone})"),
    "column.overdue": ("Terlambat", "Overdue"),
    "column.radius_m": ("Radius (m)", "Radius (m)"),
    "column.title": ("Keterangan", "Description"),
    "column.thumbnail": ("Gambar", "Picture"),
    "column.camera": ("ID kamera", "Camera ID"),
    "column.trouble": ("Gangguan", "Trouble"),
    "column.faults": ("Sebab kamera tidak melihat", "Why the camera sees nothing"),
    "column.ended_at": ("Berakhir ({zone})", "Ended ({zone})"),
    "column.lon": ("Bujur", "Longitude"),
    "column.lat": ("Lintang", "Latitude"),
}
