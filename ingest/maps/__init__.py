"""Areas drawn as pictures."""
