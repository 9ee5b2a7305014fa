"""What must hold on every server that is supported, as a table: ``python -m tests.servers``."""
