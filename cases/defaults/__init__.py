"""What an installation starts with until it brings its own."""
