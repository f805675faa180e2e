"""Pure rules that are not workflow: cover, escalation, outcomes, references, dates, people."""
