"""Reports made from known figures in every form, format and defect, and how exactly they are read.

    .venv/bin/python -m benchmarks.corpus --count 3000

The figures and layouts are those of samples/, which share nothing with the extractor; the documents are
written by hands of their own (markup.py, word.py) or by LibreOffice.
"""
