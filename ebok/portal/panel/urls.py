"""The address of the panel."""

from django.urls import path

from ebok.portal.panel.views import panel

urlpatterns = [path("", panel, name="panel")]
