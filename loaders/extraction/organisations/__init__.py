"""Whose words a passage is, and of whom it speaks."""
