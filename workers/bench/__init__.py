"""The benchmark: the real path at full window, and the peer on the same articles."""
