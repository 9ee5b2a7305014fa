"""Articles through the service: desks, real workers, faulty ones, and what must hold after."""
