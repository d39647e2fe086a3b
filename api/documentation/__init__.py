"""The API's description as a page for people."""
