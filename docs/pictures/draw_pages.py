"""Draw the pictures of the progress documents: pages of the shipped plan, as a headless Chromium shows them.

Run from anywhere, with kpi_tracker importable and, on the machine, `chromium`, a Chinese font, and one of the Latin fonts that
English pages ask for before DejaVu (Debian: fonts-liberation), as most readers have one.
"""

import io
import subprocess
import tempfile
from datetime import date
from pathlib import Path

from PIL import Image

import kpi_tracker

HERE = Path(__file__).resolve().parent
PLAN = HERE.parents[1] / "goals" / "pinghu-2021"
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--force-device-scale-factor=1.5",
)  # fmt: skip
KITCHENS = "kpis/high-quality-life/consumer-trust-city/trusted-kitchens.html"
PAGES = {
    "page-plan.zh.png": ("zh/index.html", 1280, 1560),
    "page-plan.en.png": ("en/index.html", 1280, 1560),
    "page-kpi.zh.png": (f"zh/{KITCHENS}", 1280, 1340),
    "page-kpi.en.png": (f"en/{KITCHENS}", 1280, 1340),
}
COLOURS = 96
"""A page has few colours; with no more than these its picture takes a quarter of the room."""


def main() -> None:
    """Write the documents into a folder that is gone afterwards, and the pictures of their pages beside this file."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        earlier, now = (kpi_tracker.check(PLAN, as_of=day) for day in (date(2021, 8, 31), date(2021, 9, 30)))
        kpi_tracker.write_documents(now, str(out), since=earlier)
        for name, (page, width, height) in PAGES.items():
            shot = Path(folder) / name
            size = [f"--window-size={width},{height}", f"--user-data-dir={folder}/profile", f"--screenshot={shot}"]
            command = ["chromium", *QUIET, *size, (out / page).as_uri()]
            subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - all of it is written above
            small = io.BytesIO()
            Image.open(shot).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(
                small, "PNG", optimize=True
            )
            (HERE / name).write_bytes(small.getvalue())


if __name__ == "__main__":
    main()
