"""The address of paying."""

from django.urls import path

from ebok.portal.payments import views

urlpatterns = [path("", views.pay, name="pay")]
