"""Answers that come as tables: a checked mapping says what each column is, and rows become claims."""
