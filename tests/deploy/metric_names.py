KNOWN: dict[str, set[str]] = {}
