"""The own profile and the end of the own sessions."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST

from crm.accounts import actions
from crm.accounts.models import Delegation
from crm.people.cards import PersonCard
from crm.people.forms import ProfileForm
from crm.people.scope_words import explain
from crm.people.views.parts import attempt
from crm.web import person_of


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Who I am here, my habits, my substitutions and what I see."""
    user = person_of(request)
    initial = {"phone": user.phone, "language": user.language, "theme": user.theme}
    form = ProfileForm(request.POST or None, initial=initial)
    tried = attempt(
        request, form, lambda: actions.update_profile(user.pk, by=user, **form.new_values())
    )
    if tried.result is not None:
        with override(tried.result.language):
            messages.success(request, _("Saved"))
        return redirect("accounts:profile")
    today = timezone.localdate()
    context = {
        "form": form,
        "card": PersonCard(user),
        "lines": explain(user, today),
        "delegations": Delegation.objects.visible_to(user).of(user).standing().for_list(),
    }
    return render(request, "accounts/profile.html", context, status=tried.status)


@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End all own sessions, this one too."""
    user = person_of(request)
    actions.end_sessions(user.pk, by=user, request=request)
    logout(request)
    messages.info(request, _("You are signed out everywhere."))
    return redirect("account_login")
