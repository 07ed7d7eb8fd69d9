"""`{% icon %}`, `{% error_summary %}`, `{% bar_chart %}`: built in, nothing to load."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.forms import BaseForm
from django.utils.safestring import SafeString

from ebok.web import icons
from ebok.web.charts import BASE, HEIGHT, WIDTH, Bar, rectangles
from ebok.web.faults import faults_of

register = template.Library()


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
