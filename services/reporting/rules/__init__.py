"""How a row follows what is told: pure; the same events give the same row, whatever order they came in."""
