"""The screens in a real browser, against the whole suite as `make up` starts it."""
