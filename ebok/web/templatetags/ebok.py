"""`{% icon %}`, `{% error_summary %}`, `{% bar_chart %}`, `|whole`: built in, nothing to load."""

import re
from collections.abc import Sequence
from typing import Any, Final

from django import template
from django.forms import BaseForm
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ebok.web import icons
from ebok.web.charts import BASE, HEIGHT, WIDTH, Bar, rectangles
from ebok.web.faults import faults_of

register = template.Library()
_ONE_PIECE: Final = re.compile(r"(\b\d{2}-\d{3}\b|\b\d{1,2}:\d{2}–\d{1,2}:\d{2}\b|\b\w{2,3}\.–\w{2,3}\.)")
"""A postal code, from what hour until what hour, and from what day until what day."""


@register.filter
def whole(text: object) -> SafeString:
    """Keep postal codes and hours in one piece: a browser breaks a line at their hyphens and dashes."""
    pieces = enumerate(_ONE_PIECE.split(str(text)))
    kept = ((format_html('<span class="nowrap">{}</span>', one) if place % 2 else one,) for place, one in pieces)
    return format_html_join("", "{}", kept)


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw the icon `name` inline."""
    return icons.icon(name)


@register.inclusion_tag("web/error_summary.html")
def error_summary(*forms: BaseForm | None) -> dict[str, Any]:
    """List what is to be mended in the forms, each line leading to its field. Nothing when there is nothing."""
    return {"faults": faults_of(*forms)}


@register.inclusion_tag("web/bar_chart.html")
def bar_chart(
    bars: Sequence[Bar], *, title: str, sentence: str, column: str, value_column: str, heading: bool = True
) -> dict[str, Any]:
    """Draw bars with a sentence that says the same and a table of the same numbers.

    `heading` is off where the card around it has the same title.
    """
    return {
        "bars": bars,
        "rectangles": rectangles(bars),
        "title": title,
        "sentence": sentence,
        "column": column,
        "value_column": value_column,
        "width": WIDTH,
        "height": HEIGHT,
        "base": BASE,
        "under": BASE + 8,
        "legend": any(bar.kind == "before" for bar in bars),
        "heading": heading,
    }
