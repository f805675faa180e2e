"""Our rules: the timescales in sentences, office hours, the procedure, and who has an account. To read only."""
