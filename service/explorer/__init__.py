"""The explorer: pages for people, made on the server, that work without any script."""
