"""Messages that did not reach their person: where they went instead, and sending one again."""
