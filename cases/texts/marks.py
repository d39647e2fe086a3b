"""What was seen: warnings on photos, and the reasons of links."""

SENTENCES: dict[str, tuple[str, str]] = {
    # Warnings on a photo.
    "future_time": (
        "Jam perangkat lebih cepat dari waktu kirim; waktu terima yang dipakai.",
        "The device's clock runs ahead; the time of arrival is used instead.",
    ),
    "old_time": (
        "Foto ini diambil lebih dari setahun sebelum dikirim.",
        "This photo was taken more than a year before it was sent.",
    ),
    "clock_not_set": (
        "Jam perangkat belum disetel; waktu terima yang dipakai.",
        "The device's clock was never set; the time of arrival is used instead.",
    ),
    "no_location": (
        "Foto ini tidak memuat lokasi. Pasang pin di peta.",
        "This photo carries no location. Set a pin on the map.",
    ),
    "position_unusable": (
        "Koordinat yang dikirim bukan tempat dan diabaikan. Pasang pin di peta.",
        "The position that was sent is no place and was left aside. Set a pin on the map.",
    ),
    "outside_city": (
        "Lokasinya di luar wilayah kota. Periksa pinnya.",
        "Its place lies outside the city. Check the pin.",
    ),
    "near_border": (
        "Lokasinya dekat batas; wilayah sebelah mungkin juga berwenang.",
        "Its place lies near a border; the neighbouring area may be the right one.",
    ),
    "locations_disagree": (
        "Lokasi yang ditemukan saling berjauhan. Pastikan dengan pin.",
        "The locations found lie far apart. Settle it with a pin.",
    ),
    "location_rough": (
        "Lokasinya hanya perkiraan kasar. Pasang pin agar dapat dikaitkan dengan aduan.",
        "Its place is only roughly known. Set a pin so that it can be tied to complaints.",
    ),
    "not_previewed": (
        "Gambar tidak dapat dibuka sepenuhnya; berkas aslinya tetap disimpan.",
        "The picture cannot be opened in full; the original file is kept.",
    ),
    "exif_unreadable": (
        "Data foto (EXIF) rusak dan diabaikan.",
        "The photo's data (EXIF) is damaged and was left aside.",
    ),
    "exif_position_unusable": (
        "Lokasi di dalam foto tidak masuk akal dan diabaikan.",
        "The place written in the photo makes no sense and was left aside.",
    ),
    "exif_time_unusable": (
        "Waktu di dalam foto tidak masuk akal dan diabaikan.",
        "The time written in the photo makes no sense and was left aside.",
    ),
    # Reasons of a link.
    "distance": ("berjarak {value} m", "{value} m away"),
    "category_same": ("kategori sama", "same category"),
    "category_related": ("kategori berkaitan", "related category"),
    "category_none": ("foto tanpa kategori", "the photo has no category"),
    "time_open": ("diambil selagi aduan terbuka", "taken while the complaint was open"),
    "time_before": ("diambil {value} jam sebelum aduan dibuka", "taken {value} hours before the complaint was opened"),
    "time_after": ("diambil {value} hari setelah aduan ditutup", "taken {value} days after the complaint was closed"),
    "rivals": ("ada {value} aduan lain yang hampir sama cocok", "{value} other complaints fit nearly as well"),
    "place_disputed": ("lokasi foto belum pasti", "the photo's place is in doubt"),
    "named_by_sender": ("pengirim menyebut aduan ini", "the sender named this complaint"),
    "opened_with": ("aduan dibuka dengan foto ini", "the complaint was opened with this photo"),
    "camera_sees": ("kamera berjarak {value} m menghadap ke tempat ini", "a camera {value} m away looks at this place"),
    "camera_shows": ("{value}% tempat ini masuk gambar", "{value}% of the place is in the picture"),
    "still_before": ("gambar terakhir sebelum aduan", "the last still before the complaint"),
    "still_after": ("gambar pertama sesudah aduan", "the first still after the complaint"),
    "still_hourly": ("gambar tiap jam sampai aduan ditutup", "one still an hour until the complaint is closed"),
    "still_asked_for": ("diambil karena diminta", "taken because somebody asked to look"),
    "from_duplicate": ("dari aduan duplikat", "from a complaint that repeats this one"),
}
