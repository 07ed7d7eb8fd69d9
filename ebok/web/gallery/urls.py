"""Address of the gallery; it exists in a demo only."""

from django.urls import path

from ebok.web.gallery import views

urlpatterns = [path("komponenty/", views.gallery, name="components")]
