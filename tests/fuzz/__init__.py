"""Foreign bytes into every parser: `python -m tests.fuzz --inputs 100000`.

Each target says how bytes become what its parser takes, and what must hold of the outcome: an
answer or an error that is declared, in bounded time, of bounded size, the same every time.
"""
