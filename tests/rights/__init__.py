"""Who may do what: a table written by hand, and every post, region and address tried against it."""
