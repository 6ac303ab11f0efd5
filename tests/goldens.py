"""Where the golden answers lie, and what was asked for those that would be too large whole."""

from pathlib import Path

GOLDEN = Path(__file__).parent / "golden"
REAL = GOLDEN / "real"
NARROWED: dict[str, dict[str, str]] = {
    "document-claims": {"source": "digitalhealth-2025-07-30"},
    "gaps": {"trust": "East Lancashire Hospitals"},
    "near-organisations": {"trust": "University Hospitals of Leicester"},
}
"""Questions whose answer on the shipped data is golden for these values alone."""
LOADED = {"device-proposals"}
"""Questions that only a source beside the tables answers; the tests of its loader ask them."""
