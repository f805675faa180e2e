"""The managers' page: is anything drifting, and were people told?"""
