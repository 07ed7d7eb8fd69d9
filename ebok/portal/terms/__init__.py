"""The regulations: the version in force, the earlier and the coming ones, to read, print and save."""
