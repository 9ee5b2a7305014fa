"""The API's contract in the eyes of other people's tools.

``python -m tests.openapi``, or ``make check-api``: Redocly and Spectral read what a live service
answers at ``/openapi.json``, and Spectral the AsyncAPI document; both come from npm. What
Schemathesis sends is one of the tests.
"""
