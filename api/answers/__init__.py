"""From what is kept to what goes out: the shapes of answers filled in, within what the caller may see."""
