"""`python -m nncore.cli` is `nnscratch`."""

import sys

from nncore.cli import main

sys.exit(main())
