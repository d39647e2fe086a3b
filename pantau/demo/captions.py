"""What people write: captions as officers type them on the street, and the notes of those who act."""

from random import Random
from typing import Final

from cases.words import Status
from pantau.demo.scenes import Trouble

_SEEN: Final[dict[Trouble, tuple[str, ...]]] = {
    Trouble.SIDEWALK_PARKING: (
        "Mobil parkir di trotoar {jalan}, pejalan kaki turun ke jalan",
        "Parkir di atas trotoar lagi, {jalan} dpn pertokoan. Sdh diingatkan pemiliknya, blm pindah",
        "Lapor, mobil & motor di trotoar {jalan}. Guiding block tertutup",
    ),
    Trouble.ILLEGAL_PARKING: (
        "Parkir liar {jalan}, lajur kiri tertutup",
        "Kendaraan parkir di bawah rambu dilarang parkir, {jalan}",
        "Mobil parkir sembarangan dkt simpang {jalan}, macet pagi",
    ),
    Trouble.SIDEWALK_VENDOR: (
        "PKL jualan di trotoar {jalan}",
        "Gerobak menetap di trotoar {jalan} Kel/Ds {desa}, sdh 3 hr",
        "Pedagang pakai trotoar, kursi sampai ke jalan. Mohon penertiban",
    ),
    Trouble.SIDEWALK_DAMAGE: (
        "Trotoar ambles {jalan}, bahaya utk anak sekolah",
        "Ubin trotoar lepas & berlubang, {jalan}",
        "Trotoar rusak dpn {desa}, hati2 malam hari",
    ),
    Trouble.RUBBISH: (
        "Sampah numpuk {jalan}, bau",
        "TPS {desa} meluber ke jalan, blm diangkut 4 hari",
        "Mohon diangkut, sampah di {jalan} sdh sampai badan jalan",
    ),
    Trouble.ILLEGAL_DUMPING: (
        "Buang sampah liar di pinggir {jalan}, ada kasur bekas",
        "Bekas bongkaran dibuang di {jalan} Ds {desa}, pelaku tdk diketahui",
        "Tumpukan karung sampah liar, tiap minggu bertambah",
    ),
    Trouble.POTHOLE: (
        "Lubang {jalan}, dalam sktr 15 cm",
        "Jalan berlubang tertutup air, td pagi ada motor jatuh. {jalan}",
        "Lubang baru di {jalan} arah {kecamatan}",
    ),
    Trouble.ROAD_DAMAGE: (
        "Aspal retak & mengelupas {jalan} kurang lbh 20 m",
        "Jalan rusak parah masuk {desa}, truk sering oleng",
        "Kerusakan jalan meluas, {jalan}. Mohon dijadwalkan",
    ),
    Trouble.ROAD_MARKING: (
        "Rambu penyeberangan miring, zebra cross pudar. {jalan}",
        "Marka sdh tdk kelihatan dpn sekolah {desa}",
        "Rambu ditabrak, blm diperbaiki. {jalan}",
    ),
    Trouble.TRAFFIC_LIGHT: (
        "TL mati {jalan}, diatur manual",
        "Lampu merah simpang {jalan} padam sejak subuh",
    ),
    Trouble.STREETLIGHT: (
        "PJU mati {jalan}, gelap sekali",
        "Lampu jalan pecah & menggantung di {jalan} {desa}",
        "PJU padam 3 titik, rawan. {jalan}",
    ),
    Trouble.FLOODING: (
        "Banjir {jalan} setinggi lutut, kendaraan kecil tdk bisa lewat",
        "Genangan {jalan} sktr 40 cm, hujan msh deras",
        "Air masuk halaman warga {desa}, mohon bantuan",
    ),
    Trouble.DRAIN_BLOCKED: (
        "Selokan penuh sampah & lumpur, {jalan}",
        "Drainase {jalan} mampet, meluap tiap hujan",
        "Saluran tersumbat dpn ruko, Kel/Ds {desa}",
    ),
    Trouble.FALLEN_TREE: (
        "Pohon tumbang menutup {jalan}, lalin dialihkan",
        "Pohon roboh kena angin semalam di {jalan} {desa}",
    ),
    Trouble.ILLEGAL_BANNER: (
        "Spanduk liar tanpa izin {jalan}",
        "Reklame dipaku di pohon & tiang, {jalan}",
        "Banner iklan melintang menutup pandangan. Mohon diturunkan",
    ),
    Trouble.WATER_LEAK: (
        "Pipa PDAM bocor {jalan}, air muncrat",
        "Pipa pecah, aliran ke rumah warga {desa} mati",
    ),
    Trouble.BRIDGE_DAMAGE: (
        "Jembatan {jalan} berlubang, pagar patah",
        "Lantai jembatan {desa} tembus, roda 4 jgn lewat dulu",
    ),
    Trouble.PUBLIC_FACILITY: (
        "Bangku taman patah, {jalan}",
        "Fasilitas taman {desa} rusak, paku keluar",
    ),
    Trouble.BUILDING_VIOLATION: (
        "Bangunan baru di atas trotoar {jalan}, tdk ada papan PBG",
        "Lapak permanen dibangun di sempadan, {desa}",
    ),
    Trouble.STRAY_ANIMAL: (
        "Sapi & kambing berkeliaran di {jalan}",
        "Ternak lepas di jalan {desa}, pemilik blm ketemu",
    ),
    Trouble.PUBLIC_ORDER: (
        "Kerumunan & ban di tengah {jalan}, satu lajur tertutup",
        "Jalan ditutup sepihak warga, {jalan} {desa}",
    ),
    Trouble.DISASTER: (
        "Longsor menutup separuh {jalan}, {desa} Kec {kecamatan}",
        "Tebing longsor, material msh turun. {jalan}",
    ),
    Trouble.ILLEGAL_LEVY: (
        "Ada yg minta uang tiap truk lewat di {jalan}",
        "Pungutan tanpa karcis di {jalan}, Rp5.000 per motor",
    ),
    Trouble.HARASSMENT: (
        "Laporan warga: halte {jalan} gelap, ada kejadian pelecehan. Mohon ditangani tertutup",
        "Korban melapor ke petugas, lokasi sktr halte {desa}. Rahasia",
    ),
}

_AGAIN: Final = (
    "Sama dgn laporan rekan td, dr sisi lain",
    "Masih ada sampai jam segini",
    "Tambahan foto {jalan}",
    "Dilihat jg oleh saya, {desa}",
    "",
)
_AFTER: Final = (
    "Sudah beres, {jalan}",
    "Sdh ditangani td pagi, trm ksh",
    "Kondisi setelah penanganan",
    "Selesai. {desa}",
)
_NOTES: Final[dict[Status, tuple[str, ...]]] = {
    Status.VERIFIED: (
        "Sudah dicek di lokasi, benar.",
        "Foto jelas, lokasi sesuai.",
        "Dibenarkan pihak kelurahan/desa.",
    ),
    Status.IN_PROGRESS: (
        "Regu berangkat ke lokasi.",
        "Material disiapkan, dikerjakan besok pagi.",
        "Diteruskan ke pelaksana lapangan.",
        "Menunggu alat, masuk jadwal minggu ini.",
    ),
    Status.RESOLVED: (
        "Selesai dikerjakan, foto sesudah terlampir.",
        "Sudah ditertibkan dan diberi peringatan tertulis.",
        "Sudah ditangani, lokasi bersih.",
    ),
    Status.REJECTED: (
        "Lokasi di luar wilayah kabupaten.",
        "Foto tidak menunjukkan masalah yang dilaporkan.",
        "Lahan milik pribadi, bukan kewenangan pemerintah daerah.",
        "Kegiatan sudah berizin, berlaku sampai akhir bulan.",
    ),
    Status.DUPLICATE: ("Masalah yang sama sudah dilaporkan.", "Digabung dengan laporan sebelumnya di lokasi ini."),
}


def seen(trouble: Trouble, place: dict[str, str], rng: Random) -> str:
    """A caption of a fresh trouble. `place` gives jalan, desa and kecamatan."""
    return rng.choice(_SEEN[trouble]).format(**place)


def again(place: dict[str, str], rng: Random) -> str:
    """A caption of who comes second; may be empty."""
    return rng.choice(_AGAIN).format(**place)


def after(place: dict[str, str], rng: Random) -> str:
    """A caption of a photo that shows it solved."""
    return rng.choice(_AFTER).format(**place)


def note(to: Status, rng: Random) -> str:
    """Why a complaint was moved. Nobody moves one back to `received` in the story."""
    return rng.choice(_NOTES[to])
