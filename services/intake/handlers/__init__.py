"""Load, decide, save: one short function for each thing intake does."""
