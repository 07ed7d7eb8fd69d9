"""Addresses of sending invoices."""

from django.urls import path

from ebok.office.deliveries import failures, runs, views

urlpatterns = [
    path("", views.deliveries, name="office_deliveries"),
    path("nowa/", views.start, name="office_run_new"),
    path("<int:run_id>/", runs.run, name="office_run"),
    path("<int:run_id>/zatrzymanie/", runs.stop, name="office_run_stop"),
    path("<int:run_id>/wznowienie/", runs.resume, name="office_run_resume"),
    path("nieudane/", failures.failed, name="office_failures"),
    path("nieudane/<int:invoice_id>/ponownie/", failures.again, name="office_failure_again"),
    path("nieudane/<int:invoice_id>/papier/", failures.paper, name="office_failure_paper"),
    path("nieudane/<int:failure_id>/zalatwione/", failures.settle, name="office_failure_settle"),
]
