"""The commands of ``onestory``: each translates words into calls, and nothing else."""
