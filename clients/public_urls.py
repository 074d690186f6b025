"""The addresses of a survey for whoever has its link; nothing else stands under them."""

from django.urls import path

from clients.views import survey_public

urlpatterns = [
    path("<str:token>/", survey_public.survey_public_page, name="survey_public_page"),
    path("<str:token>/answer/", survey_public.survey_public_answer, name="survey_public_answer"),
    path("<str:token>/stop/", survey_public.survey_public_stop, name="survey_public_stop"),
]
