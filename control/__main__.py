"""`python -m control`: control/process.py, started quickly.

Nothing that is imported becomes garbage, and looking for some while a thousand modules are imported takes a tenth
of the start. What stands after it is never looked through again either.
"""

from __future__ import annotations

import gc
import sys


def main() -> int:
    """Run the process or a command and return its exit status."""
    gc.disable()
    from control.process import main as run

    gc.freeze()
    gc.enable()
    return run()


if __name__ == "__main__":
    sys.exit(main())
