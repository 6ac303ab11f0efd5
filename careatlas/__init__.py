"""The evidence-first knowledge graph of who uses which AI in the English health service."""
