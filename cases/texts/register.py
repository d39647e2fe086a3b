"""What is said about the register of permits and cameras, and what a permit lacks."""

SENTENCES: dict[str, tuple[str, str]] = {
    "permit_unknown": (
        "Izin ini tidak ditemukan. Periksa nomornya, atau masuk dengan akun pemiliknya.",
        "This permit was not found. Check its number, or sign in as its owner.",
    ),
    "camera_unknown": (
        "Kamera ini tidak ditemukan. Muat ulang daftarnya; mungkin tidak dibagikan kepada Anda.",
        "This camera was not found. Reload the list; it may not be shared with you.",
    ),
    "sign_unknown": (
        "Foto papan pemberitahuan kamera ini belum dikirim. Kirim dahulu fotonya.",
        "No photo of this camera's notice was sent yet. Send one first.",
    ),
    "permit_taken": (
        "Izin {number} sudah terdaftar. Tulis nama pemilik persis seperti pada izin, atau minta dinas mengaitkannya "
        "dengan akun Anda.",
        "Permit {number} is registered already. Write the owner's name as on the permit, or ask the office to tie it "
        "to your account.",
    ),
    "permit_number_held": (
        "Nomor izin {number} sudah dipakai izin lain. Periksa nomornya.",
        "Another permit already has the number {number}. Check it.",
    ),
    "register_changed": (
        "Data ini sudah diubah orang lain (sekarang versi {version}). Muat ulang lalu ubah lagi.",
        "Someone else has changed this record (it is now at version {version}). Reload it and change it again.",
    ),
    "camera_retired": (
        "Kamera ini sudah tidak dipakai. Daftarkan kembali sebagai kamera baru.",
        "This camera is out of service. Register it again as a new one.",
    ),
    "password_lost": (
        "Kata sandi kamera ini yang tersimpan tidak dapat dibuka lagi. Isi kembali nama pengguna dan kata sandinya.",
        "The password kept of this camera cannot be opened any more. Write its user and password anew.",
    ),
    "register_not_yours": (
        "Hanya pemilik, atau petugas yang mengawasi, yang dapat mengubahnya.",
        "Only its owner, or someone who oversees, may change it.",
    ),
    "owner_needed": (
        "Sebutkan akun pemiliknya: Anda mendaftarkannya untuk orang lain.",
        "Name the owner's account: you are registering it for somebody else.",
    ),
    "owner_unknown": (
        "Tidak ada akun pemilik bernama masuk {login}. Buat akunnya dahulu.",
        "There is no owner's account with the login {login}. Add it first.",
    ),
    "reach_needed": (
        "Isi alamat kamera, kecuali kamera mengirim sendiri gambarnya (push): kamera seperti itu tidak beralamat.",
        "Give the camera's address, unless it pushes its own stills: such a camera has none.",
    ),
    "camera_pushes": (
        "Kamera ini mengirim sendiri gambarnya dan tidak dikunjungi. Lihat gambar terakhirnya, atau buat token kiriman "
        "baru bila gambarnya tidak datang.",
        "This camera sends its own stills and is not visited. Look at its latest picture, or make a new push token if "
        "none comes.",
    ),
    "reach_invalid": (
        "Alamat kamera tidak dapat dipakai: {why}. Tulis seperti rtsp://203.0.113.20:554/stream1.",
        "The camera's address cannot be used: {why}. Write it like rtsp://203.0.113.20:554/stream1.",
    ),
    "reach.signs": (
        "ada spasi atau tanda yang tidak boleh ada di alamat",
        "it holds a space or a sign that no address can hold",
    ),
    "reach.scheme": (
        "awalannya harus rtsp://, rtsps://, http://, atau https://",
        "it has to begin with rtsp://, rtsps://, http:// or https://",
    ),
    "reach.user": ("nama pengguna dan kata sandinya tidak terbaca", "its user and password cannot be told apart"),
    "reach.host": (
        "nama atau IP kameranya tidak ada atau salah tulis",
        "the camera's name or IP is missing or mistyped",
    ),
    "reach.port": ("portnya harus bilangan dari 1 sampai 65535", "its port has to be a number from 1 to 65535"),
    "reach.door": (
        "jenis kamera yang dipilih tidak dijangkau lewat alamat seperti ini",
        "the chosen kind of camera is not reached by such an address",
    ),
    "network_not_allowable": (
        "Jaringan {cidr} tidak dapat diizinkan. Tulis jaringan pribadi pemilik, misalnya 192.168.7.0/24, "
        "paling lebar /16 (IPv6: /48).",
        "The network {cidr} cannot be allowed. Write the owner's private network, such as 192.168.7.0/24, no wider "
        "than /16 (IPv6: /48).",
    ),
    "table_invalid": (
        "Berkas ini bukan teks. Simpan tabelnya sebagai CSV (UTF-8), lalu kirim lagi.",
        "This file is no text. Save the table as CSV (UTF-8) and send that.",
    ),
    "table_columns_missing": (
        "Baris judul tidak memuat kolom yang wajib ada: {names}. Beri kolomnya salah satu judul itu, lalu kirim lagi.",
        "The header lacks what the table cannot do without: {names}. Give the column one of these titles and send it "
        "again.",
    ),
    "table_columns_double": (
        "Judul kolom ini berarti sama: {titles}. Sisakan satu saja, lalu kirim lagi.",
        "These titles of columns mean the same: {titles}. Keep one of them and send it again.",
    ),
    "table_row_broken": (
        "Baris {row} tidak dapat dibaca: ada tanda kutip yang tidak ditutup atau sel yang terlalu panjang. Perbaiki "
        "barisnya, lalu kirim lagi.",
        "Row {row} cannot be read: a quotation mark is not closed, or a cell is too long. Correct the row and send it "
        "again.",
    ),
    "table_too_long": (
        "Tabel ini berisi lebih dari {most} baris. Bagi menjadi beberapa berkas.",
        "This table has more than {most} rows. Cut it into several files.",
    ),
    "row.missing": ("wajib diisi", "is required"),
    "row.too_long": ("terlalu panjang, maksimal {most} huruf", "is too long, at most {most} characters"),
    "row.date": (
        "bukan tanggal; tulis seperti 2024-08-17, 17/08/2024 atau 17 Agustus 2024",
        "is no date; write 2024-08-17, 17/08/2024 or 17 August 2024",
    ),
    "row.number": ("bukan bilangan yang dapat dipakai", "is no number that can be used"),
    "row.half_place": ("bujur dan lintang harus diisi bersama", "longitude and latitude go together"),
    "row.word": ("harus salah satu dari {words}", "must be one of {words}"),
    "row.repeated": ("nomor ini sudah ada di baris {row}", "this number is in row {row} already"),
    "row.cells": ("jumlah kolomnya tidak sama dengan baris judul", "has another number of cells than the header"),
    "permit.pending": ("menunggu", "pending"),
    "permit.compliant": ("patuh", "compliant"),
    "permit.non_compliant": ("belum patuh", "not compliant"),
    "permit.warned_1": ("peringatan pertama", "warned once"),
    "permit.warned_2": ("peringatan kedua", "warned twice"),
    "permit.warned_3": ("peringatan ketiga", "warned three times"),
    "permit.frozen": ("dibekukan", "frozen"),
    "permit.revoked": ("dicabut", "revoked"),
    "shortfall.no_camera": ("belum ada kamera", "has no camera"),
    "shortfall.too_few": ("kamera kurang dari yang diwajibkan", "has fewer cameras than required"),
    "shortfall.silent": ("kamera tidak mengirim gambar", "the camera sends no picture"),
    "shortfall.dark": ("gambar gelap", "the picture is dark"),
    "shortfall.blank": ("gambar kosong", "the picture is blank"),
    "shortfall.blurred": ("gambar kabur", "the picture is blurred"),
    "shortfall.frozen": ("gambar beku, tidak berubah", "the picture is frozen"),
    "shortfall.covered": ("lensa tertutup", "the lens is covered"),
    "shortfall.moved": ("kamera berpaling dari jalan", "the camera is turned from the road"),
}
