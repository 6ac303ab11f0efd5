"""What `suite.py` measures, a module for each measurement, and the page that tells of it."""
