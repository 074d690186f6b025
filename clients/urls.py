"""Addresses of clients; each noun has its section."""

from django.urls import URLPattern, path

from clients.views import (
    categories,
    composer,
    contact_list,
    contact_plan,
    contacts,
    dictionaries,
    schemes,
    snooze,
    timeline,
)

app_name = "clients"

# Clients, people, outlets, needs, counterparties, hand-over.
client_urls: list[URLPattern] = []

# Contacts, the contact plan, approach schemes.
contact_urls: list[URLPattern] = [
    path("contacts/", contact_list.contact_list, name="contact_list"),
    path("contacts/new/", composer.composer, name="composer"),
    path("contacts/new/clients/", composer.composer_clients, name="composer_clients"),
    path("contacts/log/", composer.contact_log, name="contact_log"),
    path("contacts/<int:pk>/", timeline.contact_detail, name="contact_detail"),
    path("contacts/<int:pk>/edit/", contacts.contact_edit, name="contact_edit"),
    path("contacts/<int:pk>/undo/", contacts.contact_undo, name="contact_undo"),
    path("contacts/<int:pk>/reschedule/", contacts.contact_reschedule, name="contact_reschedule"),
    path("contacts/<int:pk>/cancel/", contacts.contact_cancel, name="contact_cancel"),
    path("contacts/<int:pk>/promise/", contacts.contact_promise, name="contact_promise"),
    path("contacts/<int:pk>/attach/", contacts.contact_attach, name="contact_attach"),
    path("<int:pk>/contacts/", timeline.timeline, name="timeline"),
    path("<int:pk>/contacts/facts/", timeline.contact_facts_part, name="contact_facts"),
    path("<int:pk>/contacts/plan/", contacts.contact_plan, name="contact_plan"),
    path("<int:pk>/snooze/", snooze.snooze, name="snooze"),
    path("<int:pk>/unsnooze/", snooze.unsnooze, name="unsnooze"),
    path("plan/", contact_plan.plan_list, name="plan_list"),
    path("plan/how/", contact_plan.plan_how, name="plan_how"),
    path("plan/<int:pk>/edit/", contact_plan.plan_edit, name="plan_edit"),
    path("schemes/", schemes.scheme_list, name="scheme_list"),
    path("schemes/new/", schemes.scheme_create, name="scheme_create"),
    path("schemes/<int:pk>/", schemes.scheme_detail, name="scheme_detail"),
    path("schemes/<int:pk>/edit/", schemes.scheme_edit, name="scheme_edit"),
    path("schemes/<int:pk>/archive/", schemes.scheme_archive, name="scheme_archive"),
    path("schemes/runs/<int:pk>/stop/", schemes.scheme_stop, name="scheme_stop"),
    path("<int:pk>/schemes/start/", schemes.scheme_start, name="scheme_start"),
    path("dictionaries/", dictionaries.dictionary_list, name="dictionary_list"),
    path("dictionaries/<slug:book>/new/", dictionaries.word_create, name="word_create"),
    path("dictionaries/<slug:book>/<int:pk>/edit/", dictionaries.word_edit, name="word_edit"),
    path(
        "dictionaries/<slug:book>/<int:pk>/archive/",
        dictionaries.word_archive,
        name="word_archive",
    ),
]

# Categories.
category_urls: list[URLPattern] = [
    path("<int:pk>/category/", categories.category_tab, name="category_tab"),
    path("<int:pk>/category/request/", categories.category_request, name="category_request"),
    path("<int:pk>/category/propose/", categories.category_propose, name="category_propose"),
    path("<int:pk>/category/assign/", categories.category_assign, name="category_assign"),
    path("<int:pk>/category/withdraw/", categories.category_withdraw, name="category_withdraw"),
]

urlpatterns: list[URLPattern] = [*client_urls, *contact_urls, *category_urls]
