"""How many organisations a graph tells of having something, and up to how many a release keeps figures of them all.

Who lies in between, or which two products go together, takes more than the number of things
grows, and moves everywhere when one answer comes. England has some two hundred trusts.
"""

from pyoxigraph import Store

from careatlas.graph.terms import atlas

WIDEST = 1000
"""A release keeps no measures of networks and no cubes where more organisations than this have something."""


def is_wide(store: Store) -> bool:
    """Whether more organisations have something than a release keeps figures of."""
    found = set()
    for quad in store.quads_for_pattern(None, atlas("deployedBy"), None, None):
        found.add(quad.object)
        if len(found) > WIDEST:
            return True
    return False
