"""What the command line cannot do."""


class Refused(Exception):
    """The command cannot do this as things are; the message says why and what to do."""
