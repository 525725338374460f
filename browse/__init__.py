"""LOOKING: web pages over the archive and the database. Reads everything, changes nothing but reviews."""
