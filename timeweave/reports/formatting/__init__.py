"""How values are shown: hours, dates, text made safe, Markdown, templates, and names of files."""
