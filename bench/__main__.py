"""`python -m bench [NAME ...]` prints Markdown tables of the parts named below; of all of them without a name."""

import sys
from importlib import import_module

PARTS = (
    "startup",
    "loading",
    "scoring",
    "many",
    "frames",
    "instead",
    "documents",
    "charts",
    "history",
    "intake",
    "sync",
)


def main() -> None:
    """Run the parts that are named, or all."""
    chosen = sys.argv[1:] or list(PARTS)
    sys.argv[1:] = []
    for name in chosen:
        if name not in PARTS:
            raise SystemExit(f"there is no measurement {name!r}; there are: {', '.join(PARTS)}")
        print(f"\n## {name}\n", flush=True)
        import_module(f"bench.{name}").main()


if __name__ == "__main__":
    main()
