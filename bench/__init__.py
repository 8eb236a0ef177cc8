"""How fast, against whom, and what sets the limit: `python -m bench [NAME …]`.

Every comparison runs in one go on one broker and one database, each side in turn, and counts what was lost
or done twice: a speed with unknown losses is no result.
"""
