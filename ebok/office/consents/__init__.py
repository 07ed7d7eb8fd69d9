"""Consents that came on paper, entered with their scans."""
