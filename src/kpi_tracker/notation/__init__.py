"""What people write for numbers, dates and periods, read without guessing."""
