"""Addresses of the list of premises."""

from django.urls import path

from ebok.portal.premises import views

urlpatterns = [path("", views.premises_list, name="premises")]
