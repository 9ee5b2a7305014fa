"""What crosses the wire: articles in, story events and dead letters out.

Nothing here imports the rest of the project, so a publisher or a consumer can
depend on this package alone.
"""
