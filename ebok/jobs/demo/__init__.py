"""The demo utility: fictional people and their files, as a billing system and two banks would send them.

Only writes files; what is booked goes through the same imports as real files.
"""
