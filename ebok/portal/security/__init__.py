"""What guards a login: second factors, passkeys, recovery codes, sessions, and asking again who is there."""
