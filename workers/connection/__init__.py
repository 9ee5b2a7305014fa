"""Which Redis, and how it is reached or started: the only room that makes clients."""
