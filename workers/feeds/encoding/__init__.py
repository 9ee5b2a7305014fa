"""Bytes to UTF-8: ``charset`` decides, by names (``labels``) and by what the bytes look like
(``codepage``); ``legible`` mends the characters that XML does not have.
"""
