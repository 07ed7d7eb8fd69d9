"""Requests to change data of the agreement."""
