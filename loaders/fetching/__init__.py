"""Fetching what publishers give: polite clients that keep the bodies as published in a snapshot folder."""
