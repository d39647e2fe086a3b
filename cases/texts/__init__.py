"""The sentences, by what they are about: code -> (Indonesian, English)."""
