"""What every service shares: contracts and plumbing, never a rule of the trade."""
