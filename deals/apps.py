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
            next_step_contracts,
            next_step_money,
            policy,
            seeds,
            signature_limits,
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
        signature_limits.register_signature_limits()
        limit_handlers.register_limit_requests()
        _register_promises()
        importers.register()
        money_tasks.register_money_jobs()
        next_step_money.register_money_reasons()
        next_step_contracts.register_contract_reasons()
        jobs.register_exchange_jobs()


def _register_promises() -> None:
    """Contracts, and the terms that deviate from the policy."""
    from deals import (
        contract_files,
        contract_handlers,
        contract_jobs,
        contract_policy,
        terms_handlers,
        terms_jobs,
    )

    terms_handlers.register_terms()
    terms_jobs.register_terms_jobs()
    contract_policy.register_contract_policy()
    contract_handlers.register_contracts()
    contract_jobs.register_contract_jobs()
    contract_files.register_contract_files()
