"""The icons, drawn on a 24×24 grid with a stroke and no fill. Always beside a word, hence hidden from readers aloud."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

PATHS = {
    "home": '<path d="M4 11.5 12 5l8 6.5V20h-5.5v-5h-5v5H4z"/>',
    "invoice": '<path d="M6 3.5h8.5L18 7v13.5l-2-1.3-2 1.3-2-1.3-2 1.3-2-1.3-2 1.3z"/><path d="M9 9h5M9 12.5h6M9 16h4"/>',
    "meter": '<circle cx="12" cy="12" r="8.5"/><path d="M7 9.5h10v3.5H7zM10.3 9.5V13M13.7 9.5V13"/><circle cx="12" cy="16.7" r="1"/>',
    "ledger": '<path d="M4 6h10M4 12h10M4 18h10M18 5v14M15.5 8 18 5l2.5 3"/>',
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c.8-4 3.8-6 7.5-6s6.7 2 7.5 6"/>',
    "people": '<circle cx="9" cy="8.5" r="3.5"/><path d="M2.5 20c.6-3.7 3.2-5.5 6.5-5.5s5.9 1.8 6.5 5.5M15.5 5.3a3.5 3.5 0 0 1 0 6.4M18 15c2 .8 3.2 2.5 3.5 5"/>',
    "phone": '<path d="M5 4h4l1.7 4.5-2.4 1.7a12 12 0 0 0 5.5 5.5l1.7-2.4L20 15v4c0 .8-.7 1.5-1.5 1.5C10.5 20 4 13.5 3.5 5.5 3.5 4.7 4.2 4 5 4z"/>',
    "alarm": '<path d="M12 3.5 22 20.5H2zM12 10v5"/><circle cx="12" cy="17.7" r=".6"/>',
    "drop": '<path d="M12 3c3.5 4.3 6.5 7.5 6.5 11a6.5 6.5 0 0 1-13 0C5.5 10.5 8.5 7.3 12 3z"/><path d="M8.5 14.5a3.6 3.6 0 0 0 3 3.3"/>',
    "check": '<circle cx="12" cy="12" r="9"/><path d="m8 12.3 2.8 2.9L16 9.5"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5.3l3.5 2"/>',
    "late": '<circle cx="12" cy="12" r="9"/><path d="M12 7v6"/><circle cx="12" cy="16.3" r=".6"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v6"/><circle cx="12" cy="7.7" r=".6"/>',
    "right": '<path d="m9 5 7 7-7 7"/>',
    "left": '<path d="m15 5-7 7 7 7"/>',
    "down": '<path d="m5 9 7 7 7-7"/>',
    "copy": '<path d="M9 8.5h11v12H9zM15 8.5v-5H4v12h5"/>',
    "download": '<path d="M12 3.5V15M7 10.5l5 5 5-5M4 20h16"/>',
    "print": '<path d="M7 8.5V3.5h10v5M7 17H3.5V8.5h17V17H17M7 14h10v6.5H7z"/>',
    "mail": '<path d="M3 5.5h18v13H3zM3.5 6l8.5 7 8.5-7"/>',
    "key": '<circle cx="8" cy="15.5" r="4.5"/><path d="M11.3 12.3 20 3.5M16 7.5l3 3"/>',
    "lock": '<path d="M5 10.5h14v10H5zM8 10.5V7.5a4 4 0 0 1 8 0v3M12 14.5v2.5"/>',
    "leave": '<path d="M10 4H4v16h6M9.5 12H21M16.5 7.5 21 12l-4.5 4.5"/>',
    "enter": '<path d="M14 4h6v16h-6M3 12h11.5M10 7.5l4.5 4.5L10 16.5"/>',
    "document": '<path d="M6 3h8l4.5 4.5V21H6zM14 3v5h4.5M9 12.5h6.5M9 16.5h6.5"/>',
    "building": '<path d="M4 20.5V4.5h9v16M13 9.5h7v11M2.5 20.5h19M7 8.5h3M7 12.5h3M7 16.5h3M16 13.5h1.5M16 17h1.5"/>',
    "camera": '<path d="M3 7.5h4L9 5h6l2 2.5h4v12H3z"/><circle cx="12" cy="13" r="3.7"/>',
    "qr": '<path d="M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2.5v2.5H14zM17.5 17.5H20V20h-2.5zM20 14v.1M14 20v.1"/>',
    "filter": '<path d="M3.5 5.5h17M7 12h10M10 18.5h4"/>',
    "calendar": '<path d="M4 5.5h16v15H4zM4 10h16M8.5 3v4M15.5 3v4"/>',
    "coins": '<ellipse cx="12" cy="6.5" rx="7.5" ry="3"/><path d="M4.5 6.5v5.5c0 1.7 3.4 3 7.5 3s7.5-1.3 7.5-3V6.5M4.5 12v5.5c0 1.7 3.4 3 7.5 3s7.5-1.3 7.5-3V12"/>',
    "chart": '<path d="M4 20.5h16M6.5 17v-5M11 17V6M15.5 17v-7.5M20 17v-3"/>',
    "eye": '<path d="M2.5 12C5 7.7 8.2 5.5 12 5.5s7 2.2 9.5 6.5c-2.5 4.3-5.7 6.5-9.5 6.5S5 16.3 2.5 12z"/><circle cx="12" cy="12" r="3"/>',
    "sun": '<circle cx="12" cy="12" r="4"/><path d="M12 2.5v2.5M12 19v2.5M2.5 12H5M19 12h2.5M5.3 5.3 7 7M17 17l1.7 1.7M5.3 18.7 7 17M17 7l1.7-1.7"/>',
    "cross": '<circle cx="12" cy="12" r="9"/><path d="m8.5 8.5 7 7M15.5 8.5l-7 7"/>',
    "question": '<circle cx="12" cy="12" r="9"/><path d="M9.3 9.3a2.8 2.8 0 1 1 4 2.7c-.9.5-1.3 1-1.3 2"/><circle cx="12" cy="17" r=".6"/>',
}  # fmt: skip


def icon(name: str) -> SafeString:
    """Draw one icon.

    :raises KeyError: when there is no icon of that name.
    """
    drawing = mark_safe(PATHS[name])  # noqa: S308 - the constant table above
    return format_html('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>', drawing)
