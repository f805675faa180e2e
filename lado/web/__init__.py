"""People: pages, forms and presenters, a folder a feature."""
