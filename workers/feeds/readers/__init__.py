"""One module a format, and what they share: XML, HTML as text, fields, ids."""
