"""Documents as a static site: one page a file, opened from the file system or from any server, loading nothing else."""
