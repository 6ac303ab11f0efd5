"""What the template of the workers loads; nobody else does.

A worker is a fork of it. What is frozen here no collection of a worker looks at, and so the pages
that it lies on stay shared.
"""

import gc

from careatlas.service import worker

__all__ = ["worker"]

gc.collect()
gc.freeze()
