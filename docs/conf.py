"""How Sphinx builds the documentation: Markdown pages by MyST, in the look of Furo."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
found = re.search(r'^__version__ = "(.+)"$', (ROOT / "src/kpi_tracker/__init__.py").read_text(encoding="utf-8"), re.M)
assert found  # noqa: S101 - the version stands there

project = "kpi_tracker"
author = "The kpi_tracker authors"
copyright = "2026, the kpi_tracker authors"
version = release = found[1]

extensions = ["myst_parser", "sphinx.ext.autodoc"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build", "progress"]  # progress/ is for readers of the repository
language = "en"

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 4

autodoc_member_order = "bysource"
autodoc_typehints = "signature"

html_theme = "furo"
html_title = f"kpi_tracker {release}"
html_show_sphinx = False
html_copy_source = False
