"""Things made of little: articles, fingerprints, events, encoders."""
