"""Every event and every ask and answer: what is told, by whom, in which version.

One module per publisher. Contracts only grow: a field with a default is a new minor version, anything
else is a new class with the next major version.
"""
