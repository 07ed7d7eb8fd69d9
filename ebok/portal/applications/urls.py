"""Addresses of the application. None names an application: which one it is stands in the session."""

from django.urls import path

from ebok.enrolment.domain.applications import FormPage
from ebok.portal.applications import asking, following, sending

urlpatterns = [
    path("", asking.who, name="application"),
    path("dane/", asking.question, {"page": FormPage.DETAILS}, name="application_details"),
    path("kontakt/", asking.question, {"page": FormPage.CONTACT}, name="application_contact"),
    path("konta/", asking.question, {"page": FormPage.ACCOUNTS}, name="application_accounts"),
    path("dostep/", asking.question, {"page": FormPage.WISH}, name="application_wish"),
    path("regulamin/", asking.terms, name="application_terms"),
    path("sprawdz/", sending.check, name="application_check"),
    path("gotowe/", sending.sent, name="application_sent"),
    path("pdf/", sending.pdf, name="application_pdf"),
    path("formularz/", sending.empty_form, name="application_form"),
    path("wroc/", following.come_back, name="application_back"),
    path("stan/", following.state, name="application_state"),
    path("stan/odpowiedz/", following.answer, name="application_answer"),
    path("stan/wycofaj/", following.withdraw, name="application_withdraw"),
    path("zakoncz/", following.leave_device, name="application_leave"),
]
