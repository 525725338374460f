"""Pages of a PDF as a scanner gives them: a little askew, grey, noisy, and with no text behind."""

from io import BytesIO
from random import Random

import numpy as np
from PIL import Image
from pypdfium2 import PdfDocument

INCHES = 1 / 72  # of a point
RESOLUTIONS = (150, 200, 300)
LARGEST_SKEW = 0.8  # degrees
NOISE = 14  # grey levels, standard deviation


def scanned(pdf: bytes, random: Random) -> bytes:
    """The same pages as a PDF of pictures."""
    resolution = random.choice(RESOLUTIONS)
    document = PdfDocument(pdf)
    pages = [spoilt(page.render(scale=resolution * INCHES).to_pil(), random) for page in document]
    document.close()
    file = BytesIO()
    pages[0].save(file, "PDF", save_all=True, append_images=pages[1:], resolution=resolution)
    return file.getvalue()


def spoilt(page: Image.Image, random: Random) -> Image.Image:
    grey = page.convert("L").rotate(
        random.uniform(-LARGEST_SKEW, LARGEST_SKEW), Image.Resampling.BICUBIC, fillcolor=255
    )
    noise = np.random.default_rng(random.getrandbits(32)).normal(0, NOISE, (grey.height, grey.width))
    return Image.fromarray(np.clip(np.asarray(grey) + noise, 0, 255).astype(np.uint8))
