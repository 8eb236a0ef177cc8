"""Which matters look like one: sketches of texts, how like two are, and why a clerk is shown them."""
