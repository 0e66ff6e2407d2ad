"""`python -m benchmarks [name …]`: runs all benchmarks, or the named ones, one after the other."""

import importlib
import sys
from pathlib import Path

from benchmarks.figures import heading

NAMES = tuple(sorted(path.stem for path in Path(__file__).parent.glob("bench_*.py")))


def main(names: list[str]) -> int:
    """Runs them; 2 when a name is unknown, 1 when one could not run for want of something, after all the others."""
    chosen = [f"bench_{name.removeprefix('bench_')}" for name in names] or list(NAMES)
    if unknown := sorted(set(chosen) - set(NAMES)):
        print(f"there is no {', '.join(unknown)}; there are {', '.join(name.removeprefix('bench_') for name in NAMES)}")
        return 2
    status = 0
    for name in chosen:
        module = importlib.import_module(f"benchmarks.{name}")
        heading(str(module.__doc__ or name).splitlines()[0])
        try:
            module.main()
        except SystemExit as ended:
            if ended.code:
                print(f"  {ended.code}", file=sys.stderr)
                status = 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
