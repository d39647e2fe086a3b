"""Stills that cameras send by themselves: over HTTP, FTP or mail, one way for all once they are in."""
