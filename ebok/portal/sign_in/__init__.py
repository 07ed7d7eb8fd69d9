"""Signing in and out, passwords, and the page of the signed-in person."""
