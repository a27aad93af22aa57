"""Documents as Markdown pages that GitHub and MkDocs show alike, with their pictures as SVG files."""
