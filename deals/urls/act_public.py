"""The pages of a personal link: whoever has the token needs no account."""

from django.urls import path

from deals.views import act_public

urlpatterns = [
    path("<str:token>/", act_public.act_public_page, name="act_public_page"),
    path("<str:token>/agree/", act_public.act_public_agree, name="act_public_agree"),
    path("<str:token>/object/", act_public.act_public_object, name="act_public_object"),
    path("<str:token>/upload/", act_public.act_public_upload, name="act_public_upload"),
    path("<str:token>/pdf/", act_public.act_public_pdf, name="act_public_pdf"),
]
