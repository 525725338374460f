"""What the archive survives, tried many times: `python -m benchmarks.faults`."""
