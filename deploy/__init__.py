"""Ways to run the suite: on one machine (local), with containers, on Kubernetes."""
