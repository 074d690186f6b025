"""Addresses of the home pages, dashboards and search."""

from django.urls import URLPattern, path

from reports.views.accounting import accounting
from reports.views.claims import claims_overview
from reports.views.dashboard import (
    department_calendar,
    department_course,
    department_kpi,
    department_leaders,
    department_mail,
    department_wall,
)
from reports.views.delivery import delivery
from reports.views.demand import demand_page
from reports.views.department import department, department_debts, department_money, how
from reports.views.home import home
from reports.views.legal import legal
from reports.views.my_day import my_day_duties, my_day_month, my_day_page
from reports.views.receivables import receivable_invoices, receivables, receivables_trend
from reports.views.reports import audience, report, report_list
from reports.views.search import search
from reports.views.strategy import strategy
from reports.views.timeliness import department_terms, timeliness
from reports.views.workload import (
    staff_facts,
    staff_note_add,
    staff_note_withdraw,
    workload,
)

urlpatterns: list[URLPattern] = [
    path("", home, name="home"),
    path("my-day/", my_day_page, name="my_day"),
    path("my-day/duties/", my_day_duties, name="my_day_duties"),
    path("my-day/month/", my_day_month, name="my_day_month"),
    path("claims-in-figures/", claims_overview, name="claims"),
    path("accounting/", accounting, name="accounting"),
    path("delivery/", delivery, name="delivery"),
    path("demand/", demand_page, name="demand"),
    path("legal/", legal, name="legal"),
    path("department/", department, name="department"),
    path("department/money/", department_money, name="department_money"),
    path("department/kpi/", department_kpi, name="department_kpi"),
    path("department/calendar/", department_calendar, name="department_calendar"),
    path("department/course/", department_course, name="department_course"),
    path("department/leaders/", department_leaders, name="department_leaders"),
    path("department/terms/", department_terms, name="department_terms"),
    path("department/mail/", department_mail, name="department_mail"),
    path("department/wall/", department_wall, name="department_wall"),
    path("department/debts/", department_debts, name="department_debts"),
    path("receivables/", receivables, name="receivables"),
    path("receivables/trend/", receivables_trend, name="receivables_trend"),
    path("receivables/invoices/", receivable_invoices, name="receivable_invoices"),
    path("strategy/", strategy, name="strategy"),
    path("timeliness/", timeliness, name="timeliness"),
    path("workload/", workload, name="workload"),
    path("staff/<int:pk>/", staff_facts, name="staff_facts"),
    path("staff/<int:pk>/note/", staff_note_add, name="staff_note_add"),
    path("staff-notes/<int:pk>/withdraw/", staff_note_withdraw, name="staff_note_withdraw"),
    path("audience/", audience, name="audience"),
    path("search/", search, name="search"),
    path("reports/", report_list, name="report_list"),
    path("reports/<slug:name>/", report, name="report"),
    path("how/<slug:code>/", how, name="how"),
]
