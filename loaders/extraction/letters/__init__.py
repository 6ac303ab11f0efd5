"""Questions that a letter repeats, and the answers below them."""
