"""The council's own people who sign in: their accounts, their roles, and what two people agree on."""
