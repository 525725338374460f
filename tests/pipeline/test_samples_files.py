"""Sites whose reports are files: behind a script, in a viewer, in a frame, under a link, or in a list."""

from samples.comparison import compare
from samples.rehearsal import Rehearsal
from samples.site import load_folder
from samples.truth import truth


def test_every_report_that_is_a_file_is_found_and_read_as_printed(tmp_path):
    with Rehearsal(load_folder("files"), tmp_path) as rehearsal:
        rehearsal.play(0)
        with rehearsal.connected() as connection:
            assert compare(connection, truth(rehearsal.sites)).differences == ()
