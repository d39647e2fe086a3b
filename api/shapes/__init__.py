"""What comes in through the doors (extra fields refused) and what goes out, documented for OpenAPI."""
