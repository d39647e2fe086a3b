"""What is said to people at the door."""

SENTENCES: dict[str, tuple[str, str]] = {
    "sign_in_refused": (
        "Nama masuk atau kata sandi salah. Periksa keduanya lalu coba lagi.",
        "The login or the password is wrong. Check both and try again.",
    ),
    "locked_out": (
        "Terlalu banyak kata sandi yang salah. Coba lagi dalam {seconds} detik.",
        "Too many wrong passwords. Try again in {seconds} seconds.",
    ),
    "ticket_refused": (
        "Tautan ini salah, sudah dipakai atau kedaluwarsa. Minta tautan baru kepada administrator.",
        "This link is wrong, used or too old. Ask an administrator for a new one.",
    ),
    "password_weak": (
        "Kata sandi ini terlalu mudah. Pakai sedikitnya {shortest} huruf yang bukan nama Anda.",
        "This password is too easy. Use at least {shortest} characters that are not your name.",
    ),
    "login_fixed": (
        "Nama masuk akun ini sudah ditetapkan: {login}. Isi kata sandinya saja.",
        "This account already has its login: {login}. Only set the password.",
    ),
    "login_taken": (
        "Nama masuk {login} sudah dipakai. Pilih yang lain.",
        "The login {login} is already taken. Choose another.",
    ),
    "last_administrator": (
        "Ini administrator terakhir. Angkat administrator lain dahulu.",
        "This is the last administrator. Appoint another one first.",
    ),
    "account_unknown": (
        "Akun ini tidak ditemukan. Muat ulang daftarnya.",
        "This account was not found. Reload the list.",
    ),
    "token_unknown": (
        "Token ini tidak ditemukan. Mungkin sudah dicabut; muat ulang daftarnya.",
        "This token was not found. It may have been revoked already; reload the list.",
    ),
    "agency_unknown": (
        "Dinas {agency} tidak dikenal. Pilih salah satu dari daftar dinas.",
        "There is no agency {agency}. Choose one from the list of agencies.",
    ),
    "agency_needed": (
        "Sebutkan dinasnya: akun dinas hanya melihat aduan dinasnya sendiri.",
        "Name the agency: an agency's account sees only the complaints of its own agency.",
    ),
    "scopes_too_wide": (
        "Anda tidak dapat memberi token cakupan {scope}. Pilih cakupan yang Anda miliki sendiri.",
        "You cannot give a token the scope {scope}. Choose scopes that you have yourself.",
    ),
    "end_passed": (
        "Akhir masa berlaku sudah lewat. Pilih waktu yang akan datang.",
        "The end lies in the past. Choose a time to come.",
    ),
}
