"""What stands for Pantau elsewhere: a drawn map on a page or in a chat, a QR code on a notice."""
