"""Users, grants, and the scope a user has."""
