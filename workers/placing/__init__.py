"""One batch of articles, from their entries to the commit."""
