"""The states of a complaint as people say them."""

SENTENCES: dict[str, tuple[str, str]] = {
    "status.received": ("diterima", "received"),
    "status.verified": ("terverifikasi", "verified"),
    "status.in_progress": ("dikerjakan", "in progress"),
    "status.resolved": ("selesai", "resolved"),
    "status.rejected": ("ditolak", "rejected"),
    "status.duplicate": ("duplikat", "a duplicate"),
}
