"""Archived pages shown as they were: on an origin of their own, harmless, with nothing fetched live."""
