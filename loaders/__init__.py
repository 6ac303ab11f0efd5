"""How things get in: one module for each kind of input, each yielding records with a locator."""
