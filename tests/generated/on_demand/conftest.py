"""These are asked for by `make clients`, since they want Java and packages of their own."""

# Runs beside the client that a test generates, not here.
collect_ignore = ["journey.py"]
