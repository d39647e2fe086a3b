"""Why a file was not taken as a photo, and what to send instead."""

SENTENCES: dict[str, tuple[str, str]] = {
    "empty": (
        "Berkasnya kosong. Kirim lagi fotonya.",
        "The file is empty. Send the photo again.",
    ),
    "not_an_image": (
        "Berkas ini bukan gambar. Kirim foto JPEG, PNG, WebP, atau HEIC.",
        "This file is not a picture. Send a JPEG, PNG, WebP or HEIC photo.",
    ),
    "unsupported_format": (
        "Format gambar ini tidak diterima. Kirim foto JPEG, PNG, WebP, atau HEIC.",
        "This kind of picture is not taken. Send a JPEG, PNG, WebP or HEIC photo.",
    ),
    "not_a_jpeg": (
        "Gambar kamera harus berupa JPEG biasa. Atur kamera agar mengirim JPEG.",
        "A still has to be an ordinary JPEG. Set the camera to send JPEG.",
    ),
    "truncated": (
        "Fotonya terpotong. Kirim lagi berkas yang utuh.",
        "The photo is cut off. Send the whole file again.",
    ),
    "mixed_formats": (
        "Berkas ini memuat lebih dari sekadar foto. Kirim fotonya saja.",
        "This file holds more than a photo. Send the photo alone.",
    ),
    "too_many_pixels": (
        "Ukuran gambar terlalu besar. Perkecil lalu kirim lagi.",
        "The picture has too many pixels. Make it smaller and send it again.",
    ),
    "damaged": (
        "Foto rusak dan tidak dapat dibuka. Kirim berkas aslinya lagi.",
        "The photo is damaged and cannot be opened. Send the original file again.",
    ),
    "decode_timed_out": (
        "Foto ini terlalu lama dibuka. Simpan ulang sebagai JPEG lalu kirim lagi.",
        "This photo took too long to open. Save it as a JPEG and send it again.",
    ),
    "decode_too_large": (
        "Foto ini perlu terlalu banyak memori. Perkecil lalu kirim lagi.",
        "This photo takes too much memory to open. Send it in a smaller size.",
    ),
}
