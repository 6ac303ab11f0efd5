"""How people reach a release over the network: SPARQL, linked data, the API, MCP."""
