"""Which matters look like one and the same: sketches of texts, how like two are, and why a clerk is shown them."""
