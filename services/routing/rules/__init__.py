"""The decisions of routing: pure functions of a case, an ask, and who acts under which county's rules."""
