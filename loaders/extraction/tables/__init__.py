"""Answers that come as a table, read by what its columns hold."""
