"""Redis servers: one a session, sets of several, and one that goes back in time."""
