"""Judging a partition of articles against gold stories; no part of the running service."""
