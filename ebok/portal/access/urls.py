"""Addresses of giving, accepting and taking access."""

from django.urls import path

from ebok.portal.access import accepting, deciding, inviting, people

urlpatterns = [
    path("", people.access_list, name="access_list"),
    path("zapros/", inviting.account, name="invite"),
    path("zapros/rola/", inviting.role, name="invite_role"),
    path("zapros/osoba/", inviting.invitee, name="invite_person"),
    path("zapros/kod/", inviting.channel, name="invite_channel"),
    path("zapros/adres/", inviting.address, name="invite_address"),
    path("zapros/czas/", inviting.term, name="invite_term"),
    path("zapros/sprawdz/", inviting.check, name="invite_check"),
    path("zaproszenie/", accepting.invitation, name="invitation"),
    path("zaproszenie/przyjecie/", accepting.invitation_accept, name="invitation_accept"),
    path("zaproszenie/login/", accepting.invitation_login, name="invitation_login"),
    path("zaproszenia/<int:invitation_id>/wycofanie/", people.invitation_withdraw, name="invitation_withdraw"),
    path("prosby/<int:request_id>/", deciding.access_request, name="access_request"),
    path("<int:grant_id>/", people.access_person, name="access_person"),
    path("<int:grant_id>/odebranie/", people.access_take_back, name="access_take_back"),
    path("<int:grant_id>/rezygnacja/", people.access_leave, name="access_leave"),
]
