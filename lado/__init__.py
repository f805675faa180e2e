"""The LADO referral tracker: allegations against people who work with children, from referral to outcome."""
