"""Cameras' stills: why one is not shown, and what stands in its place."""

SENTENCES: dict[str, tuple[str, str]] = {
    "snapshot_unknown": (
        "Gambar kamera ini tidak ditemukan. Mungkin masa simpannya habis, atau akun Anda tidak berhak melihatnya.",
        "This camera picture was not found. It may have expired, or your account may not see it.",
    ),
    "not_live": (
        "Pemilik kamera hanya membagikan gambar tersimpan kepada instansi Anda. Buka daftar gambarnya.",
        "The camera's owner shares only stored pictures with your office. Open the list of its pictures.",
    ),
    "placeholder.never": ("Belum ada gambar", "No picture yet"),
    "placeholder.offline": ("Kamera tidak tersambung", "Camera offline"),
    "placeholder.since": ("Gambar terakhir {at}", "Last picture {at}"),
}
