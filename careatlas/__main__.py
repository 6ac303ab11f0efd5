"""`python -m careatlas` is the command `careatlas`."""

import sys

from careatlas.cli import main

sys.exit(main())
