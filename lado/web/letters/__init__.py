"""Letters and e-mails by which people are told: how the council words them, and making one about a case."""
