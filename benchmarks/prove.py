"""`python -m benchmarks.prove [--quick]`: a line for each promise: id, figure, goal, `ok` or `short`."""

import argparse
import sys

from benchmarks.running import HERE, measuring, run_all


def main() -> None:
    """Prove and measure everything there is; exit 1 when anything is short of its goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small data, a taste of each promise")
    quick = parser.parse_args().quick
    sys.exit(0 if run_all([*measuring(HERE / "promises"), *measuring()], quick=quick) else 1)


if __name__ == "__main__":
    main()
