"""Three worked studies on a release: what to ask, how to count it fairly, how to show it."""
