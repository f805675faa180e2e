"""What the two commands of `bootstrap.py` are made of. Standard library only: nothing is installed yet when it runs."""
