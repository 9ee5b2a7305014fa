"""One worker process: what it does beside placing, and pools of them."""
