"""How the schema grew, one revision per change, run by `storage.migrate`."""
