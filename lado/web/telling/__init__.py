"""Who may be told what on a case, who was told and who was not: the whole of it, and one form for several at once."""
