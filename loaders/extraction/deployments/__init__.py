"""What one organisation has, as running text says it: how often it is used, and how it came."""
