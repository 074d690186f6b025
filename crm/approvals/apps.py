from django.apps import AppConfig
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MORNING = (8, 50)
ESCALATION = (8, 45)  # before the reminders, so that the superior has one, too


class ApprovalsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "crm.approvals"
    verbose_name = _("Approvals")

    def ready(self) -> None:
        from crm.accounts.models import Role
        from crm.approvals import actions, inbox, policy
        from crm.history import name_verbs
        from crm.shell import nav
        from crm.work import periodic, seeds

        readers = frozenset({Role.ADMIN, Role.DIRECTOR, Role.GENERAL_DIRECTOR})
        name_verbs(
            {
                "approval_route.changed": _("Approval route changed"),
                "approval_route.seeded": _("Approval route put in"),
                "limits.changed": _("Signature limits changed"),
                "limits.visas_changed": _("Visas changed"),
                "limits.seeded": _("Signature limits put in"),
            }
        )
        policy.register_approval_policy()
        seeds.register("approval_routes", actions.seed_routes)
        seeds.register("signature_limits", actions.seed_limits)
        periodic.register(
            "escalate_overdue_approvals",
            due=periodic.daily(*ESCALATION),
            run=actions.escalate_overdue,
            label=_("Pass late decisions on to the superior"),
        )
        periodic.register(
            "remind_overdue_approvals",
            due=periodic.daily(*MORNING),
            run=actions.remind_overdue,
            label=_("Remind of overdue decisions"),
        )
        nav.register_counter(
            "decisions", lambda user: inbox.count_waiting(user, today=timezone.localdate())
        )
        nav.register(
            nav.NavItem(
                "limits",
                _("Signature limits"),
                "signature",
                "approvals:limit_list",
                nav.SETUP,
                readers,
                phone=23,
                order=6,
            )
        )
        nav.register(
            nav.NavItem(
                "routes",
                _("Approval routes"),
                "git-merge",
                "approvals:route_list",
                nav.SETUP,
                readers,
                phone=22,
                order=5,
            )
        )
