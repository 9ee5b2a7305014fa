"""The page in a real browser, on a real API, Redis and worker.

A package, unlike other folders of tests: its fixtures end with it, since Playwright's event loop
must not run while other tests do.
"""
