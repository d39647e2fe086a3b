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
    "look.ok": ("Inilah yang terlihat sekarang.", "This is what it sees now."),
    "look.same": (
        "Kamera menjawab, tetapi belum mengirim gambar baru.",
        "The camera answers, but has sent no new still.",
    ),
    "look.busy": ("Kamera sedang dikunjungi; coba lagi sebentar.", "The camera is being visited; try again shortly."),
    "look.failed": (
        "Gambar kamera ini tidak dapat disimpan saat ini; coba lagi sebentar.",
        "This camera's picture cannot be kept at this moment; try again shortly.",
    ),
    "placeholder.never": ("Belum ada gambar", "No picture yet"),
    "placeholder.offline": ("Kamera tidak tersambung", "Camera offline"),
    "placeholder.since": ("Gambar terakhir {at}", "Last picture {at}"),
}
