"""`python -m posology`."""

import sys

from posology.cli import main

sys.exit(main())
