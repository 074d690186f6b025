from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "crm.work"

    def ready(self) -> None:
        from crm.history import name_verbs
        from crm.notices import kinds
        from crm.work import invariants, seeds
        from crm.work.production_calendar import seed_calendar

        seeds.register("calendar", seed_calendar)
        invariants.register("periods without a gap", invariants.periods_without_gap)
        invariants.register("outbox is served", invariants.outbox_is_served)
        kinds.register("work.period_failed", title=_("Periodic work fails: %(job)s for %(period)s"))
        name_verbs(
            {
                "setting.changed": _("Setting changed"),
                "setting.reset": _("Setting back at its default"),
                "calendar.changed": _("Day of the calendar changed"),
                "calendar.seeded": _("Official calendar put in"),
            }
        )
