"""Measurements, each one command: `.venv/bin/python benchmarks/crawl.py`, and the same with extract.py."""
