"""How a visit to a camera went, and what its owner can do about it."""

SENTENCES: dict[str, tuple[str, str]] = {
    "visit.ok": (
        "Kamera terjangkau. Inilah gambarnya.",
        "The camera was reached. Here is your picture.",
    ),
    "visit.refused_address": (
        "Alamat ini tidak boleh dikunjungi. Periksa tulisannya: rtsp, rtsps, http, atau https; tanpa nama pengguna dan "
        "kata sandi di dalamnya. Untuk alamat jaringan lokal, minta izin pengelola.",
        "This address may not be visited. Check how it is written: rtsp, rtsps, http or https, without a user or "
        "password in it. For an address of a private network, ask your administrator to allow it.",
    ),
    "visit.unreachable": (
        "Tidak ada jawaban dari alamat ini. Periksa apakah kamera menyala, alamat dan portnya benar, dan router "
        "meneruskannya ke kamera.",
        "Nothing answers at this address. Check that the camera is on, that address and port are right, and that the "
        "router lets visits through to it.",
    ),
    "visit.certificate_refused": (
        "Sertifikat kamera tidak dapat dipercaya. Pasang sertifikat yang sah, atau daftarkan sidik jari sertifikatnya.",
        "The camera's certificate cannot be trusted. Install a valid one, or register the certificate's fingerprint.",
    ),
    "visit.password_refused": (
        "Kamera menolak nama pengguna atau kata sandi. Isi lagi keduanya.",
        "The camera refused the user or the password. Enter both again.",
    ),
    "visit.password_withheld": (
        "Kamera mengalihkan alamat terenkripsi ini ke alamat tanpa enkripsi dan meminta kata sandi di sana. Kata sandi "
        "tidak dikirim, karena orang lain dapat membacanya. Matikan pengalihan itu di kamera; bila jaringannya "
        "tepercaya, daftarkan alamat tanpa enkripsinya.",
        "The camera leads from this encrypted address to one without encryption and asks for the password there. It "
        "was not sent, as others could read it. Turn that off in the camera; if the network can be trusted, register "
        "the address without encryption.",
    ),
    "visit.not_found": (
        "Kamera menjawab, tetapi tidak ada gambar di alamat itu. Periksa bagian alamat sesudah nama kameranya.",
        "The camera answers, but has no picture at that address. Check the part of the address after its name.",
    ),
    "visit.busy": (
        "Kamera sedang melayani terlalu banyak penonton. Tutup sebagian, lalu coba lagi.",
        "The camera is serving too many viewers. Close some of them, then try again.",
    ),
    "visit.no_video": (
        "Kamera menjawab, tetapi tidak memberi video atau gambar. Periksa apakah alamatnya memang alamat gambar.",
        "The camera answers, but gives no video and no picture. Check that the address is the one of its picture.",
    ),
    "visit.stalled": (
        "Kamera mulai mengirim, lalu berhenti sebelum ada gambar utuh. Periksa jaringannya; perpendek jarak gambar "
        "kunci (GOP) bila lebih dari 4 detik.",
        "The camera began to send and stopped before a whole picture came. Check its network; shorten the keyframe "
        "interval (GOP) if it is over 4 seconds.",
    ),
    "visit.awaited": (
        "Tidak ada gambar baru yang datang dari kamera ini. Periksa apakah kamera menyala, dan alamat kiriman serta "
        "token yang dipakainya benar.",
        "No new picture has come from this camera. Check that it is on, and that it sends to the right address with "
        "the right push token.",
    ),
    "visit.corrupt": (
        "Gambar yang datang tidak utuh. Jaringan kamera kehilangan data: coba kabel, atau kualitas yang lebih rendah.",
        "The picture that came is not whole. The camera's network loses data: try a cable, or a lower quality.",
    ),
    "visit.not_understood": (
        "Yang menjawab di alamat ini tidak berbicara seperti kamera. Periksa alamat dan portnya; pilih H.264, H.265, "
        "atau JPEG pada kamera.",
        "What answers at this address does not speak as a camera does. Check address and port; choose H.264, H.265 or "
        "JPEG on the camera.",
    ),
    "visit.timed_out": (
        "Kamera terhubung, tetapi tidak menjawab pada waktunya. Nyalakan ulang kamera, lalu coba lagi.",
        "The camera takes the connection, but does not answer in time. Restart it, then try again.",
    ),
    "visit.reached": (
        "Dijangkau lewat {way} dalam {seconds} detik.",
        "Reached by {way} in {seconds} seconds.",
    ),
    "visit.lasted": ("Percobaan berlangsung {seconds} detik.", "The attempt lasted {seconds} seconds."),
    "visit.clock": (
        "Jam kamera meleset {minutes} menit. Setel jamnya, sebaiknya otomatis (NTP).",
        "The camera's clock is {minutes} minutes off. Set it, best by itself (NTP).",
    ),
    "way.http_jpeg": ("gambar JPEG (HTTP)", "a JPEG picture (HTTP)"),
    "way.mjpeg": ("aliran MJPEG (HTTP)", "an MJPEG stream (HTTP)"),
    "way.hls": ("aliran HLS", "an HLS stream"),
    "way.rtsp_tcp": ("aliran RTSP melalui TCP", "an RTSP stream over TCP"),
    "way.rtsp_udp": ("aliran RTSP melalui UDP", "an RTSP stream over UDP"),
    "way.pyav": ("aliran RTSP (pembaca cadangan)", "an RTSP stream (spare reader)"),
    "way.cv2": ("aliran RTSP (pembaca cadangan kedua)", "an RTSP stream (second spare reader)"),
}
