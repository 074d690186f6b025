"""What the app declares to the shared mechanisms when it is ready."""

from crm.work import seeds as seeding
from deals import (
    abc_registering,
    contract_files,
    contract_handlers,
    contract_jobs,
    contract_policy,
    debts,
    importers,
    invariants,
    jobs,
    limit_handlers,
    money_tasks,
    navigation,
    next_step_contracts,
    next_step_money,
    next_step_orders,
    policy,
    proposal_handlers,
    proposal_jobs,
    seeds,
    signature_limits,
    terms_handlers,
    terms_jobs,
    verbs,
)
from deals.models import Order


def register_everything() -> None:
    """Called once, from AppConfig.ready()."""
    verbs.name_money_verbs()
    navigation.register_navigation()
    importers.register()
    jobs.register_exchange_jobs()
    _money()
    _contracts()


def _money() -> None:
    policy.register_money_policy()
    debts.register_reserve(Order.objects.reserved)
    invariants.register_money_invariants()
    seeding.register("VAT rates", seeds.seed_vat_rates)
    seeding.register("follow-up of debts", seeds.seed_follow_up)
    abc_registering.register_abc()
    signature_limits.register_signature_limits()
    limit_handlers.register_limit_requests()
    money_tasks.register_money_jobs()
    next_step_money.register_money_reasons()
    next_step_orders.register_order_reasons()


def _contracts() -> None:
    contract_policy.register_contract_policy()
    contract_handlers.register_contracts()
    contract_jobs.register_contract_jobs()
    contract_files.register_contract_files()
    terms_handlers.register_terms()
    terms_jobs.register_terms_jobs()
    proposal_handlers.register_proposals()
    proposal_jobs.register_proposal_parts()
    next_step_contracts.register_contract_reasons()
