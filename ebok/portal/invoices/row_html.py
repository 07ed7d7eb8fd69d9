"""A row of the list as HTML, made in Python: eighty of them in a template cost most of the page's time."""

from django.utils.html import format_html

from ebok.portal.invoices.rows import ListedInvoice
from ebok.web.icons import icon

ROW = (
    '<tr><th scope="row"><span class="choice"><input type="checkbox" name="faktura" value="{id}"'
    ' aria-label="Zaznacz: {kind} {number}"><span><a href="{url}">{number}</a><br>'
    '<span class="caption">{kind} z {issued}{place}{waiting}</span></span></span></th>'
    '<td data-label="Okres">{period}</td><td data-label="Termin">{due}</td>'
    '<td data-label="Stan"><span class="badge{badge}">{icon}{status}</span></td>'
    '<td class="num" data-label="Kwota">{amount}</td></tr>'
)


def row_html(row: ListedInvoice) -> str:
    """Return the row, every value escaped."""
    status = row.status
    return format_html(
        ROW,
        id=row.id,
        url=row.url,
        number=row.number,
        kind=row.kind,
        issued=row.issued,
        place=format_html("<br>{}", row.premises) if row.premises else "",
        waiting=format_html("<br>{}", row.waiting) if row.waiting else "",
        period=row.period,
        due=row.due,
        badge=f" badge--{status.kind}" if status.kind else "",
        icon=icon(status.icon),
        status=status.word,
        amount=row.amount,
    )
