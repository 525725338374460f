"""PDFs that do not embed their fonts, on a machine that has none."""

import subprocess
import sys

WITHOUT_FONTS = """
import ctypes, sys
from pypdfium2 import raw
raw.FPDF_DestroyLibrary()
folder = ctypes.create_string_buffer(sys.argv[1].encode())
folders = (ctypes.POINTER(ctypes.c_char) * 2)(ctypes.cast(folder, ctypes.POINTER(ctypes.c_char)))
settings = raw.FPDF_LIBRARY_CONFIG(version=2)
settings.m_pUserFontPaths = ctypes.cast(folders, type(settings.m_pUserFontPaths))
raw.FPDF_InitLibraryWithConfig(ctypes.byref(settings))
from extract.readers.pdf import read_pdf
for finding in read_pdf(sys.stdin.buffer.read()).findings:
    print(finding.code, finding.place, finding.text)
"""


def findings(payload, folder):
    """What is found where pdfium looks for fonts in `folder` only."""
    command = [sys.executable, "-c", WITHOUT_FONTS, str(folder)]
    return (
        subprocess.run(command, input=payload, capture_output=True, check=True).stdout.decode().splitlines()
    )


def test_text_lost_for_want_of_a_font_is_told(sheet, pdf, tmp_path):
    page = sheet().text(60, 60, "总").text(80, 60, "计").text(100, 60, "12").text(60, 90, "行政许可")
    (told,) = findings(pdf(page), tmp_path)
    assert told.startswith("font_missing page:1 2 pieces of text lost;")
    assert "fonts-wqy-zenhei" in told


def test_nothing_lost_nothing_told(sheet, pdf, tmp_path):
    assert findings(pdf(sheet().text(60, 60, "行政许可 12")), tmp_path) == []
