"""The report: one view model made from an Assessment, placed by templates as HTML, PDF and Markdown."""
