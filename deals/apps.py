from django.apps import AppConfig


class DealsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "deals"

    def ready(self) -> None:
        from crm.work import seeds as registry
        from deals import (
            abc_registering,
            debts,
            importers,
            invariants,
            jobs,
            limit_handlers,
            money_tasks,
            navigation,
            next_step_money,
            policy,
            seeds,
            verbs,
        )
        from deals.models import Order

        policy.register_money_policy()
        verbs.name_money_verbs()
        debts.register_reserve(Order.objects.reserved)
        navigation.register_navigation()
        invariants.register_money_invariants()
        registry.register("VAT rates", seeds.seed_vat_rates)
        registry.register("follow-up of debts", seeds.seed_follow_up)
        abc_registering.register_abc()
        limit_handlers.register_limit_requests()
        importers.register()
        money_tasks.register_money_jobs()
        next_step_money.register_money_reasons()
        jobs.register_exchange_jobs()
