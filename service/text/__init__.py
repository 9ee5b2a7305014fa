"""Text of an article: cleaned, cut into words, and the facts it names."""
