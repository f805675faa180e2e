"""The rota as a calendar that a telephone reads."""
