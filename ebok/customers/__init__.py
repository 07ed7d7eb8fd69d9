"""Customer accounts, service points, and the scope through which they are reached."""
