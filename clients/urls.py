"""Addresses of clients; each noun has its section."""

from django.urls import URLPattern, path

from clients.views import (
    accounts,
    campaigns,
    categories,
    client_advice,
    clients,
    competitors,
    composer,
    contact_list,
    contact_plan,
    contacts,
    dictionaries,
    events,
    files,
    halls,
    leads,
    letter_moves,
    letters,
    lookups,
    needs,
    outlets,
    people,
    requisites,
    schemes,
    searching,
    seen_by,
    sheet_moves,
    sheets,
    snooze,
    subjects,
    surveys,
    timeline,
    transfers,
    visit_plans,
    visits,
)

app_name = "clients"

# Clients, people, outlets, needs, counterparties, hand-over.
client_urls: list[URLPattern] = [
    path("", clients.client_list, name="list"),
    path("new/", clients.client_create, name="create"),
    path("views/", clients.client_views, name="views"),
    path("options/", lookups.client_options, name="options"),
    path("duplicates/", lookups.duplicates, name="duplicates"),
    path("<int:pk>/", clients.client_detail, name="detail"),
    path("<int:pk>/header/", clients.client_header, name="header"),
    path("<int:pk>/peek/", clients.client_peek, name="peek"),
    path("<int:pk>/edit/", clients.client_edit, name="edit"),
    path("<int:pk>/confirm/", clients.client_confirm, name="confirm"),
    path("<int:pk>/archive/", clients.client_archive, name="archive"),
    path("<int:pk>/restore/", clients.client_restore, name="restore"),
    path("<int:pk>/history/", clients.client_history, name="history_tab"),
    path("people/", people.person_list, name="person_list"),
    path("<int:pk>/people/", people.people_tab, name="people_tab"),
    path("<int:pk>/people/new/", people.person_create, name="person_create"),
    path("people/<int:pk>/edit/", people.person_edit, name="person_edit"),
    path("people/<int:pk>/archive/", people.person_archive, name="person_archive"),
    path("people/<int:pk>/restore/", people.person_restore, name="person_restore"),
    path("<int:pk>/needs/", needs.needs_tab, name="needs_tab"),
    path("<int:pk>/needs/new/", needs.need_create, name="need_create"),
    path("<int:pk>/files/", files.files_tab, name="files_tab"),
    path("<int:pk>/work/", files.work_tab, name="work_tab"),
    path("needs/<int:pk>/edit/", needs.need_edit, name="need_edit"),
    path("needs/<int:pk>/archive/", needs.need_archive, name="need_archive"),
    path("needs/<int:pk>/restore/", needs.need_restore, name="need_restore"),
    path("<int:pk>/outlets/new/", outlets.outlet_create, name="outlet_create"),
    path("outlets/<int:pk>/edit/", outlets.outlet_edit, name="outlet_edit"),
    path("outlets/<int:pk>/archive/", outlets.outlet_archive, name="outlet_archive"),
    path("outlets/<int:pk>/restore/", outlets.outlet_restore, name="outlet_restore"),
    path("<int:pk>/requisites/", requisites.requisites_tab, name="requisites_tab"),
    path(
        "<int:pk>/counterparties/new/", requisites.counterparty_create, name="counterparty_create"
    ),
    path("counterparties/<int:pk>/edit/", requisites.counterparty_edit, name="counterparty_edit"),
    path(
        "counterparties/<int:pk>/archive/",
        requisites.counterparty_archive,
        name="counterparty_archive",
    ),
    path(
        "counterparties/<int:pk>/restore/",
        requisites.counterparty_restore,
        name="counterparty_restore",
    ),
    path("counterparties/<int:pk>/accounts/new/", accounts.account_create, name="account_create"),
    path("accounts/<int:pk>/edit/", accounts.account_edit, name="account_edit"),
    path("accounts/<int:pk>/close/", accounts.account_close, name="account_close"),
    path("accounts/<int:pk>/reopen/", accounts.account_reopen, name="account_reopen"),
    path("banks/", accounts.bank, name="bank"),
    path("transfer/", transfers.transfer, name="transfer"),
    path("transfers/", transfers.transfer_list, name="transfer_list"),
    path("transfers/<int:pk>/", transfers.transfer_detail, name="transfer_detail"),
    path("transfers/<int:pk>/undo/", transfers.transfer_undo, name="transfer_undo"),
    path("seen-by/<int:pk>/", seen_by.seen_by, name="seen_by"),
]

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
    path("<int:pk>/hall/", halls.hall, name="hall"),
    path("<int:pk>/hall/propose/", halls.hall_propose, name="hall_propose"),
    path("<int:pk>/hall/move/", halls.hall_move, name="hall_move"),
    path("<int:pk>/hall/back/", halls.hall_back, name="hall_back"),
    path("<int:pk>/category/propose/", categories.category_propose, name="category_propose"),
    path("<int:pk>/category/assign/", categories.category_assign, name="category_assign"),
    path("<int:pk>/category/withdraw/", categories.category_withdraw, name="category_withdraw"),
]

# Correspondence.
letter_urls: list[URLPattern] = [
    path("letters/", letters.letter_list, name="letter_list"),
    path("letters/new/", letters.letter_register, name="letter_register"),
    path("letters/<int:pk>/", letters.letter_detail, name="letter_detail"),
    path("letters/<int:pk>/pdf/", letters.letter_pdf, name="letter_pdf"),
    path("letters/<int:pk>/docx/", letters.letter_docx, name="letter_docx"),
    path("letters/<int:pk>/history/", letters.letter_history, name="letter_history"),
    path("letters/<int:pk>/file/", letter_moves.letter_file, name="letter_file"),
    path("letters/<int:pk>/assign/", letter_moves.letter_assign, name="letter_assign"),
    path("letters/<int:pk>/take/", letter_moves.letter_take, name="letter_take"),
    path("letters/<int:pk>/reply/", letter_moves.letter_reply, name="letter_reply"),
    path("letters/<int:pk>/replied/", letter_moves.letter_replied, name="letter_replied"),
    path("letters/<int:pk>/no-reply/", letter_moves.letter_no_reply, name="letter_no_reply"),
    path("letters/<int:pk>/close/", letter_moves.letter_close, name="letter_close"),
    path("letters/<int:pk>/reopen/", letter_moves.letter_reopen, name="letter_reopen"),
    path("letters/<int:pk>/edit/", letter_moves.letter_edit, name="letter_edit"),
    path("letters/<int:pk>/send/", letter_moves.letter_send, name="letter_send"),
    path("<int:pk>/letters/", letters.letters_tab, name="letters_tab"),
    path("<int:pk>/letters/new/", letters.letter_register_of, name="letter_register_of"),
    path("<int:pk>/letters/write/", letter_moves.letter_write, name="letter_write"),
]

# Surveys and consents.
survey_urls: list[URLPattern] = [
    path("surveys/", surveys.survey_list, name="survey_list"),
    path("surveys/new/", surveys.survey_create, name="survey_create"),
    path("surveys/pick/", surveys.survey_pick, name="survey_pick"),
    path("surveys/<int:pk>/", surveys.survey_detail, name="survey_detail"),
    path("surveys/<int:pk>/history/", surveys.survey_history, name="survey_history"),
    path("surveys/<int:pk>/edit/", surveys.survey_edit, name="survey_edit"),
    path("surveys/<int:pk>/start/", surveys.survey_start, name="survey_start"),
    path("surveys/<int:pk>/ask-more/", surveys.survey_ask_more, name="survey_ask_more"),
    path("surveys/<int:pk>/close/", surveys.survey_close, name="survey_close"),
    path("surveys/answers/<int:pk>/", surveys.response_handle, name="response_handle"),
    path("people/<int:pk>/consent/", people.person_consent, name="person_consent"),
    path("people/<int:pk>/consent/end/", people.person_consent_end, name="person_consent_end"),
]

# Merchandisers' visits.
visit_urls: list[URLPattern] = [
    path("visits/", visits.visit_list, name="visit_list"),
    path("visits/today/", visits.visit_today, name="visit_today"),
    path("visits/new/", visits.visit_create, name="visit_create"),
    path("visits/plans/", visit_plans.visit_plan_list, name="visit_plan_list"),
    path("visits/plans/make/", visit_plans.visit_plan_make, name="visit_plan_make"),
    path("visits/plans/<int:pk>/", visit_plans.visit_plan_detail, name="visit_plan_detail"),
    path("visits/plans/<int:pk>/agree/", visit_plans.visit_plan_agree, name="visit_plan_agree"),
    path("visits/<int:pk>/", visits.visit_detail, name="visit_detail"),
    path("visits/<int:pk>/start/", visits.visit_start, name="visit_start"),
    path("visits/<int:pk>/note/", visits.visit_note, name="visit_note"),
    path("visits/<int:pk>/move/", visits.visit_move, name="visit_move"),
    path("visits/<int:pk>/cancel/", visits.visit_cancel, name="visit_cancel"),
    path("visits/<int:pk>/history/", visits.visit_history, name="visit_history"),
]

# Events and invitations.
event_urls: list[URLPattern] = [
    path("events/", events.event_list, name="event_list"),
    path("events/new/", events.event_create, name="event_create"),
    path("events/<int:pk>/", events.event_detail, name="event_detail"),
    path("events/<int:pk>/mark/", events.event_mark, name="event_mark"),
    path("events/<int:pk>/<slug:step>/", events.event_step, name="event_step"),
]

# Competitors; recommendations to clients.
market_urls: list[URLPattern] = [
    path("competitors/", competitors.competitor_list, name="competitor_list"),
    path("competitors/new/", competitors.competitor_create, name="competitor_create"),
    path("competitors/<int:pk>/", competitors.competitor_detail, name="competitor_detail"),
    path("competitors/<int:pk>/<slug:step>/", competitors.competitor_step, name="competitor_step"),
    path(
        "competitors/notes/<int:pk>/",
        competitors.competitor_note_edit,
        name="competitor_note_edit",
    ),
    path("<int:pk>/competitors/new/", competitors.competitor_note_of, name="competitor_note_of"),
    path("recommendations/", client_advice.recommendation_list, name="recommendation_list"),
    path(
        "recommendations/<int:pk>/<slug:step>/",
        client_advice.recommendation_step,
        name="recommendation_step",
    ),
    path("<int:pk>/recommendations/", client_advice.recommendation_tab, name="recommendation_tab"),
    path(
        "<int:pk>/recommendations/new/",
        client_advice.recommendation_create,
        name="recommendation_create",
    ),
]

# Registration sheets and their campaigns.
registration_urls: list[URLPattern] = [
    path("campaigns/", campaigns.campaign_list, name="campaign_list"),
    path("campaigns/new/", campaigns.campaign_create, name="campaign_create"),
    path("campaigns/<int:pk>/", campaigns.campaign_detail, name="campaign_detail"),
    path("campaigns/<int:pk>/edit/", campaigns.campaign_edit, name="campaign_edit"),
    path("campaigns/<int:pk>/start/", campaigns.campaign_start, name="campaign_start"),
    path("campaigns/<int:pk>/add/", campaigns.campaign_add_clients, name="campaign_add_clients"),
    path("campaigns/<int:pk>/deadline/", campaigns.campaign_deadline, name="campaign_deadline"),
    path("campaigns/<int:pk>/close/", campaigns.campaign_close, name="campaign_close"),
    path("campaigns/<int:pk>/history/", campaigns.campaign_history, name="campaign_history"),
    path("sheets/", sheets.sheet_list, name="sheet_list"),
    path("sheets/approve/", sheet_moves.sheet_approve_many, name="sheet_approve_many"),
    path("sheets/<int:pk>/", sheets.sheet_detail, name="sheet_detail"),
    path("sheets/<int:pk>/save/", sheets.sheet_save, name="sheet_save"),
    path("sheets/<int:pk>/submit/", sheets.sheet_submit, name="sheet_submit"),
    path("sheets/<int:pk>/approve/", sheet_moves.sheet_approve, name="sheet_approve"),
    path("sheets/<int:pk>/return/", sheet_moves.sheet_return, name="sheet_return"),
    path("sheets/<int:pk>/history/", sheets.sheet_history, name="sheet_history"),
    path("<int:pk>/sheets/", sheets.sheets_tab, name="sheets_tab"),
]

# The search for clients: leads, scores, campaigns, channels.
lead_urls: list[URLPattern] = [
    path("leads/", leads.lead_list, name="lead_list"),
    path("leads/new/", leads.lead_create, name="lead_create"),
    path("leads/<int:pk>/", leads.lead_detail, name="lead_detail"),
    path("leads/<int:pk>/history/", leads.lead_history, name="lead_history"),
    path("leads/<int:pk>/edit/", leads.lead_edit, name="lead_edit"),
    path("leads/<int:pk>/score/", leads.lead_score, name="lead_score"),
    path("leads/<int:pk>/<slug:act>/", leads.lead_act, name="lead_act"),
    path("scores/", leads.score_list, name="score_list"),
    path("<int:pk>/scores/", leads.client_scores, name="client_scores"),
    path("<int:pk>/scores/new/", leads.client_score, name="client_score"),
    path("search/", searching.search_campaign_list, name="search_campaign_list"),
    path("search/new/", searching.search_campaign_create, name="search_campaign_create"),
    path("search/<int:pk>/", searching.search_campaign_detail, name="search_campaign_detail"),
    path(
        "search/<int:pk>/history/", searching.search_campaign_history,
        name="search_campaign_history",
    ),
    path("search/<int:pk>/edit/", searching.search_campaign_edit, name="search_campaign_edit"),
    path("search/channels/", searching.search_channel_list, name="search_channel_list"),
    path("search/channels/<int:pk>/", searching.search_channel_edit, name="search_channel_edit"),
]  # fmt: skip

# Personal data: requests of people, acts of destruction.
subject_urls: list[URLPattern] = [
    path("subjects/", subjects.subject_list, name="subject_list"),
    path("subjects/<int:pk>/", subjects.subject_detail, name="subject_detail"),
    path("subjects/<int:pk>/history/", subjects.subject_history, name="subject_history"),
    path("subjects/<int:pk>/stored.pdf", subjects.subject_paper, name="subject_paper"),
    path("subjects/<int:pk>/answer/", subjects.subject_answer, name="subject_answer"),
    path("subjects/<int:pk>/extend/", subjects.subject_extend, name="subject_extend"),
    path("subjects/retention/", subjects.retention_list, name="retention_list"),
    path("people/<int:pk>/subject/", subjects.subject_create, name="subject_create"),
    path("people/<int:pk>/destroy/", subjects.destruction_propose, name="destruction_propose"),
    path("destruction/<int:pk>/", subjects.destruction_detail, name="destruction_detail"),
    path("destruction/<int:pk>/act.pdf", subjects.destruction_paper, name="destruction_paper"),
    path("destruction/<int:pk>/decide/", subjects.destruction_decide, name="destruction_decide"),
]

urlpatterns: list[URLPattern] = [
    *client_urls,
    *contact_urls,
    *category_urls,
    *lead_urls,
    *letter_urls,
    *subject_urls,
    *survey_urls,
    *event_urls,
    *market_urls,
    *registration_urls,
    *visit_urls,
]
