"""Meters, where they are installed, readings and consumption."""
