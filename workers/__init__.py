"""The shell: what talks to Redis, to the clock, to files and to people.

A worker is a sandwich: read (I/O), decide (pure, in ``service``), commit (I/O).
"""

import os

# Read once, when numpy loads its BLAS. Workers share a machine's cores by processes; threads
# of many BLAS pools that wait for each other cost a worker half of its speed.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
