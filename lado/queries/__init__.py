"""Reading: select() in, rows or small read values out."""
