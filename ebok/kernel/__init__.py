"""Pure Python without a framework: money, periods, identifiers, refusals."""
