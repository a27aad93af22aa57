"""The memory of nightly runs: what each of them found, kept for years in a file or on a server."""
