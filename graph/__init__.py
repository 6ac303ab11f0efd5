"""The core: records become quads, quads become validated releases, releases answer questions."""
