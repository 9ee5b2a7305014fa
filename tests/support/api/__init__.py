"""The API and what it answers from."""
