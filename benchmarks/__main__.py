"""`python -m benchmarks [--quick]`: every figure of speed and size."""

import argparse

from benchmarks.running import measuring, run_all


def main() -> None:
    """Measure everything; a figure that is short of its goal says so in its line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small data, within 3 minutes")
    run_all(measuring(), quick=parser.parse_args().quick)


if __name__ == "__main__":
    main()
