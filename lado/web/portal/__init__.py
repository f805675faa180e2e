"""The partners' side: their own referrals and nothing else."""
