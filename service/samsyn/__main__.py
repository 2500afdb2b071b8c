"""Run the command line as ``python -m samsyn``."""

from __future__ import annotations

import sys

from samsyn.cli.program import main

if __name__ == "__main__":
    sys.exit(main())
