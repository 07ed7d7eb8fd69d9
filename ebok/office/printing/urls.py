"""Addresses of printing invoices."""

from django.urls import path

from ebok.office.printing import views

urlpatterns = [
    path("", views.printing, name="office_printing"),
    path("nowa/", views.prepare, name="office_print_batch_new"),
    path("<int:batch_id>/pdf/", views.pdf, name="office_print_batch_pdf"),
    path("<int:batch_id>/wydrukowana/", views.printed, name="office_print_batch_printed"),
    path("<int:batch_id>/ponownie/", views.again, name="office_print_batch_again"),
]
