"""The commands, one module each. A module imports what is heavy only when its command runs."""
