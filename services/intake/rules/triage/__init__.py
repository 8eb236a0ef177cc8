"""Suggestions of what a matter is, how hard, and whose: from a county's words, and from what it learned."""
