"""From verified matches to a decision: open a story, join one, join and merge several."""
