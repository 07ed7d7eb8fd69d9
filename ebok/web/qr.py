"""QR codes as pictures inside a page: dark on white in every color scheme, with a text alternative."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from ebok.kernel.qr import qr_drawing

PIXELS_A_MODULE = 4


def qr_svg(text: str, *, label: str) -> SafeString:
    """Return `text` as an inline SVG of class `qr`; `label` is what a screen reader says."""
    drawing = qr_drawing(text)
    side, pixels = drawing.side, drawing.side * PIXELS_A_MODULE
    return format_html(
        '<svg class="qr" role="img" aria-label="{}" viewBox="0 0 {} {}" width="{}" height="{}"'
        ' shape-rendering="crispEdges">'
        '<rect width="100%" height="100%" fill="#fff"/><path fill="#000" d="{}"/></svg>',
        label, side, side, pixels, pixels, drawing.path,
    )  # fmt: skip
