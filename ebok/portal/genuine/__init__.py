"""Czy to prawdziwa faktura? Three doors, for anybody."""
