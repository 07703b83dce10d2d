"""These are asked of a service of their own, by a program of its own."""

# Loaded by schemathesis, and not by pytest.
collect_ignore = ["hooks.py"]
