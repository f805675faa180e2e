"""Measurements beside a floor and the peers. Only ratios from one run mean anything: machines are noisy."""
