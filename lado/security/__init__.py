"""Who may do what: identities, permissions and one policy table. Loads nothing."""
