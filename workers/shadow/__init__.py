"""A second namespace beside the live one: replay, diff, and switch."""
