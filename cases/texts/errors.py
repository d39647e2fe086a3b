"""Why something was not done, and what to do about it."""

SENTENCES: dict[str, tuple[str, str]] = {
    "too_many_periods": (
        "Paling banyak {most} periode dalam satu jawaban. Persempit waktunya atau pilih minggu atau bulan.",
        "At most {most} periods fit in one answer. Narrow the time, or ask by week or month.",
    ),
    "failed": (
        "Permintaan ini tidak dapat dijalankan. Coba lagi; bila tetap gagal, hubungi pengelola.",
        "This could not be done. Try again; if it keeps failing, tell your administrator.",
    ),
    "not_found": (
        "Tidak ada yang dapat ditampilkan di alamat ini. Periksa alamatnya atau masuk dengan akun yang berhak.",
        "There is nothing to show at this address. Check it, or sign in with an account that may see it.",
    ),
    "photo_unknown": (
        "Foto ini tidak ditemukan. Mungkin sudah dihapus, atau akun Anda tidak berhak melihatnya.",
        "This photo was not found. It may have been deleted, or your account may not see it.",
    ),
    "complaint_unknown": (
        "Aduan ini tidak ditemukan. Periksa nomor aduannya.",
        "This complaint was not found. Check its reference.",
    ),
    "link_unknown": (
        "Kaitan ini tidak ditemukan. Muat ulang halaman; mungkin sudah dihitung ulang.",
        "This link was not found. Reload the page: it may have been worked out anew.",
    ),
    "job_unknown": (
        "Tidak ada pekerjaan dengan nomor ini yang menunggu. Muat ulang daftarnya.",
        "No job of this id waits to be tried again. Reload the list.",
    ),
    "not_yours": (
        "Hanya pengirim foto atau petugas pengawas yang dapat mengubahnya.",
        "Only the sender of the photo, or someone who oversees it, may change it.",
    ),
    "conflict": (
        "Data ini sudah berubah sehingga permintaan tidak dapat dijalankan. Muat ulang lalu coba lagi.",
        "The record is no longer as you saw it, so this cannot be done. Reload and try again.",
    ),
    "id_taken": (
        "Id ini sudah dipakai untuk kiriman lain. Kirim ulang dengan id baru.",
        "This id already belongs to something else. Send it again under a new id.",
    ),
    "move_not_allowed": (
        "Aduan berstatus {status} tidak dapat dipindahkan ke {to} oleh akun Anda.",
        "A complaint that is {status} cannot be moved to {to} by your account.",
    ),
    "changed_meanwhile": (
        "Aduan ini sudah diubah orang lain (sekarang versi {version}). Muat ulang lalu putuskan lagi.",
        "Someone else has changed this complaint (it is now at version {version}). Reload it and decide again.",
    ),
    "invalid": (
        "Isi permintaan tidak dapat dipahami. Periksa lalu kirim lagi.",
        "What was sent cannot be understood. Check it and send it again.",
    ),
    "note_needed": (
        "Tulis catatan: alasan memindahkan aduan ke {to} akan dibaca pelapor.",
        "Write a note: why the complaint becomes {to} will be read by those who reported it.",
    ),
    "proof_needed": (
        "Untuk menyatakan selesai, tulis apa yang dikerjakan atau kaitkan foto sesudah penanganan.",
        "To resolve it, write what was done or link a photo taken afterwards.",
    ),
    "original_needed": (
        "Sebutkan nomor aduan asli: aduan lain yang bukan duplikat.",
        "Name the original: the reference of another complaint that is not a duplicate itself.",
    ),
    "reference_mistyped": (
        'Nomor aduan "{given}" salah ketik. Bentuknya 10 huruf dan angka, misalnya K7M4Q-7XP2T.',
        'The reference "{given}" is mistyped. It has 10 letters and digits, such as K7M4Q-7XP2T.',
    ),
    "place_invalid": (
        "Koordinat {lon}, {lat} bukan tempat yang dapat dipakai. Kirim bujur lalu lintang dalam derajat desimal.",
        "{lon}, {lat} is not a usable place. Send longitude, then latitude, in decimal degrees.",
    ),
    "place_needed": (
        "Sebutkan tempatnya: titik (lon dan lat), wilayah, atau foto yang memuat lokasi.",
        "Say where it is: a point (lon and lat), an area, or a photo that knows its place.",
    ),
    "area_unknown": (
        "Wilayah {area} tidak dikenal di sini. Pakai kode Kemendagri, misalnya 35.10.21.1002.",
        "There is no area {area} here. Use a Kemendagri code, such as 35.10.21.1002.",
    ),
    "category_unknown": (
        "Kategori {category} tidak dikenal. Pilih salah satu dari daftar kategori.",
        "There is no category {category}. Choose one from the list of categories.",
    ),
    "category_needed": (
        "Pilih kategori: tanpa itu aduan tidak tahu dinas mana yang menangani.",
        "Choose a category: it decides which agency acts on the complaint.",
    ),
    "catalogue_invalid": (
        "Daftar dinas dan kategori tidak dapat dipakai: {where}: {problem}.",
        "The list of agencies and categories cannot be used: {where}: {problem}.",
    ),
    "too_large": (
        "Berkas melebihi {limit} bita. Perkecil fotonya lalu kirim lagi.",
        "The file is over {limit} bytes. Make the photo smaller and send it again.",
    ),
    "hash_mismatch": (
        "Isi berkas berubah di perjalanan. Kirim lagi foto yang sama.",
        "The file changed on its way here. Send the same photo again.",
    ),
}
