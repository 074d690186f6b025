from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApprovalsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "crm.approvals"
    verbose_name = _("Approvals")

    def ready(self) -> None:
        from crm.approvals import actions, policy, registering
        from crm.work import seeds

        registering.name_approval_verbs()
        policy.register_approval_policy()
        seeds.register("approval_routes", actions.seed_routes)
        seeds.register("signature_limits", actions.seed_limits)
        registering.register_approval_jobs()
        registering.register_navigation()
