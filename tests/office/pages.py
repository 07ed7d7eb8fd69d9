"""Every address of the office: how to reach each page, and what is no page."""

from collections.abc import Callable

from tests.office.world import OfficeWorld

OFFICE_PAGES: dict[str, Callable[[OfficeWorld], str]] = {
    "office": lambda world: "/biuro/",
    "office_keys": lambda world: "/biuro/skroty/",
    "office_undelivered": lambda world: "/biuro/niedoreczone/",
    "office_applications": lambda world: "/biuro/wnioski/",
    "office_application_new": lambda world: "/biuro/wnioski/nowy/",
    "office_application": lambda world: f"/biuro/wnioski/{world.application}/",
    "office_application_accept": lambda world: f"/biuro/wnioski/{world.application}/przyjecie/",
    "office_application_ask": lambda world: f"/biuro/wnioski/{world.application}/pytanie/",
    "office_application_refuse": lambda world: f"/biuro/wnioski/{world.application}/odmowa/",
    "office_application_confirm": lambda world: f"/biuro/wnioski/{world.half_accepted}/potwierdzenie/",
    "office_customers": lambda world: "/biuro/klienci/",
    "office_customer": lambda world: f"/biuro/klienci/{world.account}/",
    "office_customer_letter": lambda world: f"/biuro/klienci/{world.account}/list/",
    "office_end_owner": lambda world: f"/biuro/klienci/{world.account}/wlasciciel/{world.grant}/koniec/",
    "office_deliveries": lambda world: "/biuro/wysylka/",
    "office_run_new": lambda world: "/biuro/wysylka/nowa/",
    "office_run": lambda world: f"/biuro/wysylka/{world.run}/",
    "office_failures": lambda world: "/biuro/wysylka/nieudane/",
    "office_suspects": lambda world: "/biuro/podejrzane/",
    "office_printing": lambda world: "/biuro/druk/",
    "office_letters": lambda world: "/biuro/listy/",
    "office_consents": lambda world: "/biuro/zgody/",
    "office_consent": lambda world: f"/biuro/zgody/{world.consent}/",
    "office_requests": lambda world: "/biuro/prosby/",
    "office_request": lambda world: f"/biuro/prosby/{world.request}/",
    "office_changes": lambda world: "/biuro/zmiany/",
    "office_change": lambda world: f"/biuro/zmiany/{world.change}/",
    "office_journal": lambda world: "/biuro/dziennik/",
}
"""How to reach each page: its name and its address for an administrator of an office full of work."""
OFFICE_NO_PAGE: dict[str, str] = {
    "office_customer_leave": "ends a visit and leads back",
    "office_application_scan": "a file to download",
    "office_run_stop": "takes a press of a button and leads back",
    "office_run_resume": "takes a press of a button and leads back",
    "office_failure_again": "takes a press of a button and leads back",
    "office_failure_paper": "takes a press of a button and leads back",
    "office_failure_settle": "takes a press of a button and leads back",
    "office_suspect_settle": "takes a press of a button and leads back",
    "office_print_batch_new": "takes a press of a button and leads back",
    "office_print_batch_pdf": "a file to download",
    "office_print_batch_printed": "asks once whether the batch is printed, and leads back",
    "office_print_batch_again": "takes a press of a button and leads back",
    "office_consent_scan": "a file to download",
    "office_letters_pdf": "a file to download",
    "office_letters_printed": "asks once whether the letters chosen are printed, and leads back",
}
