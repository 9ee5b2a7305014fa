"""The shell: what talks to Redis, to the clock, to files and to people.

A worker is a sandwich: read (I/O), decide (pure, in ``service``), commit (I/O).
"""
