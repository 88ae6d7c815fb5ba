"""`python -m nngui` opens the window."""

import sys

from nngui.app import main

sys.exit(main())
