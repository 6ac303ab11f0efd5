"""The words that rules share: how far along something is, when, and what makes no name."""
