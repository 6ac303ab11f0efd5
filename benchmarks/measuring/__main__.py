"""A task of the suite in this process: `python -m measuring MODULE:FUNCTION PLACE`."""

import sys

from measuring.alone import run

if __name__ == "__main__":
    run(*sys.argv[1:])
