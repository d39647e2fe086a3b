"""Who is in the demo: their names, and the logins under which anyone may be each of them."""

from typing import Final

OFFICERS: Final = (
    "Sari Wulandari", "Budi Santoso", "Dewi Lestari", "Agus Prasetyo", "Rina Marlina", "Joko Susilo",
    "Nur Hidayah", "Eko Wahyudi", "Fitri Handayani", "Bambang Irawan", "Maya Puspita", "Hendra Gunawan",
)  # fmt: skip
"""The names of officers 1, 2, ..."""

COMMAND: Final = "komando"
ADMINISTRATOR: Final = "admin"
OWNER: Final = "pemilik"


def officer_login(number: int) -> str:
    """The login of officer 1 to the last of OFFICERS."""
    return f"petugas{number:02}"


def agency_login(code: str) -> str:
    """The login of the account that acts for an agency."""
    return f"dinas.{code.replace('_', '.')}"
