"""`python -m kpi_tracker` is the command line."""

from kpi_tracker.cli import main

if __name__ == "__main__":
    main()
