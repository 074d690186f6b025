"""An empty choice says so in words, in whatever form it stands."""

from django import forms
from django.utils.translation import override

from crm.accounts.models import OrgUnit, User


def test_no_select_shows_dashes_for_nothing_chosen(db):
    class Sample(forms.Form):
        unit = forms.ModelChoiceField(OrgUnit.objects.all(), required=False)
        named = forms.ModelChoiceField(OrgUnit.objects.all(), required=False, empty_label="все")

    with override("ru"):
        drawn = str(Sample()) + str(forms.modelform_factory(User, fields=["org_unit"])())
        assert "---------" not in drawn
        assert drawn.count("Не выбрано") == 2
        assert "все" in drawn
    with override("en"):
        assert "Not chosen" in str(Sample())
