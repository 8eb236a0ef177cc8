"""Whether a name, a number or a sentence of anybody lies where it should not: `make privacy`."""
