"""THE MANUAL: pages written in docs/, pages made of the code, and one site of both in each language."""
