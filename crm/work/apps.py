from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "crm.work"

    def ready(self) -> None:
        from crm.history import name_verbs
        from crm.notices import kinds
        from crm.work import invariants, periodic, seeds
        from crm.work.production_calendar import remind_of_missing_calendar, seed_calendar
        from crm.work.registry import Group

        seeds.register("calendar", seed_calendar)
        invariants.register("periods without a gap", invariants.periods_without_gap)
        invariants.register("outbox is served", invariants.outbox_is_served)
        kinds.register(
            "work.period_failed", title=_("Scheduled job failing: %(job)s for %(period)s")
        )
        kinds.register(
            "calendar.missing", title=_("The working calendar of %(year)s is to be entered")
        )
        Group(_("Working calendar")).whole(
            "calendar.remind_days",
            60,
            1,
            120,
            _("A year without a calendar is reminded of before it begins"),
            unit=_("calendar days"),
        )
        periodic.register(
            "calendar_missing",
            due=periodic.daily(9, 10),
            run=remind_of_missing_calendar,
            label=_("Remind of a calendar that was not entered"),
        )
        name_verbs(
            {
                "setting.changed": _("Setting changed"),
                "setting.reset": _("Setting back at its default"),
                "calendar.changed": _("Day of the calendar changed"),
                "calendar.seeded": _("Official calendar added"),
            }
        )
