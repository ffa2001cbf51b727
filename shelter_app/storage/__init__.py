"""The vault: the only place that knows SQL, SQLCipher and files."""
