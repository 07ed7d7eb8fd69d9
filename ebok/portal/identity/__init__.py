"""Changing the e-mail and the phone one signs in and is told by."""
