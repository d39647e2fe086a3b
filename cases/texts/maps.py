"""What a drawn map says beside what it shows."""

SENTENCES: dict[str, tuple[str, str]] = {
    "map.on": ("Keadaan {day}", "As of {day}"),
    "map.between": ("Kejadian {since} sampai {until}", "Incidents from {since} to {until}"),
    "map.since": ("Kejadian sejak {since}", "Incidents since {since}"),
    "map.until": ("Kejadian sampai {until}", "Incidents up to {until}"),
    "map.incidents": ("{number} kejadian", "{number} incidents"),
    "map.unplaced": ("{number} lagi tanpa titik di peta", "{number} more without a place on the map"),
    "map.nothing": ("tidak ada kejadian", "no incidents"),
    "map.photo": ("foto", "photos"),
    "map.outage": ("kamera terganggu", "cameras in trouble"),
}
