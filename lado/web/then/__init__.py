"""As known then: a case and the queue at a past instant."""
