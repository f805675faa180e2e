"""The officers' side of what partners are told: the sentences, who follows a case, what they see, and messages."""
