"""The form of a step of a shipment's paper."""

from django.utils.translation import gettext_lazy as _

from crm.forms import PlainForm, day_field


class NoteForm(PlainForm):
    """The day of the step."""

    on = day_field(_("On"))
