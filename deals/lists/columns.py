"""Columns that the registers of documents share."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from crm.lists import Column
from deals.lists.documents import client_cell

CLIENT = Column(
    "client",
    _("Client"),
    value="client.name",
    filter="client",
    filter_value="client_id",
    render=client_cell,
)
# Where the client names the row, the link leads to the row's own page.
CLIENT_OF_ROW = replace(CLIENT, link=True, sort="client__sort_key", render=None)
MANAGER = Column(
    "manager",
    _("Manager"),
    value="client.manager.short_name",
    filter="manager",
    filter_value="client.manager_id",
)
