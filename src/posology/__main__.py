"""`python -m posology`."""

import sys

from posology.cli import alone

sys.exit(alone())
