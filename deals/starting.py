"""What the app declares to the shared mechanisms when it is ready."""

from pathlib import Path

from clients.hooks import (
    register_first_sales,
    register_product_groups,
    register_sales,
    register_shelf_goods,
)
from crm import office_templates
from crm.work import seeds as seeding
from deals import importers
from deals.abc.registering import register_abc
from deals.agenda import register_agenda
from deals.approval_handlers.assortment import register_assortment_proposals
from deals.approval_handlers.contracts import register_contracts
from deals.approval_handlers.limits import register_limit_requests
from deals.approval_handlers.promos import register_promos
from deals.approval_handlers.proposals import register_proposals
from deals.approval_handlers.reconciliations import register_reconciliations
from deals.approval_handlers.retro import register_retro
from deals.approval_handlers.schemes import register_schemes
from deals.approval_handlers.terms import register_terms
from deals.assortment import shelf_of
from deals.conditions.signature_limits import register_signature_limits
from deals.files import register_contract_files
from deals.first_sales import first_sales, product_groups, sales
from deals.invariants import register_money_invariants
from deals.legal_grounds import register_deal_grounds
from deals.models import Order
from deals.navigation import register_navigation
from deals.next_steps.contracts import register_contract_reasons
from deals.next_steps.money import register_money_reasons
from deals.next_steps.orders import register_order_reasons
from deals.next_steps.prices import register_price_reasons
from deals.next_steps.proposals import register_proposal_reasons
from deals.next_steps.reconciliations import register_reconciliation_reasons
from deals.next_steps.schemes import register_scheme_reasons
from deals.policy.assortment import register_assortment_policy
from deals.policy.contracts import register_contract_policy
from deals.policy.money import register_money_policy
from deals.receivables.debts import register_reserve
from deals.seeds import seed_follow_up, seed_vat_rates
from deals.tasks.contracts import register_contract_jobs
from deals.tasks.exchange import register_exchange_jobs
from deals.tasks.money import register_money_jobs
from deals.tasks.prices import register_price_changes
from deals.tasks.producers import register_producers
from deals.tasks.promos import register_promo_parts
from deals.tasks.proposals import register_proposal_parts
from deals.tasks.reconciliation_control import register_reconciliation_control
from deals.tasks.reconciliations import register_reconciliation_parts
from deals.tasks.retro import register_retro_parts
from deals.tasks.schemes import register_scheme_parts
from deals.tasks.terms import register_terms_jobs
from deals.verbs import name_money_verbs
from deals.work_items import register_work_subjects


def register_everything() -> None:
    """Called once, from AppConfig.ready()."""
    name_money_verbs()
    register_deal_grounds()
    register_navigation()
    importers.register()
    register_exchange_jobs()
    _money()
    _contracts()
    register_reconciliation_parts()
    register_reconciliations()
    register_reconciliation_control()
    register_reconciliation_reasons()
    register_agenda()
    office_templates.keep(_template_of)
    register_work_subjects()


def _money() -> None:
    register_money_policy()
    register_reserve(Order.objects.reserved)
    register_first_sales(first_sales)
    register_sales(sales)
    register_product_groups(product_groups)
    register_money_invariants()
    seeding.register("VAT rates", seed_vat_rates)
    seeding.register("follow-up of debts", seed_follow_up)
    register_abc()
    register_signature_limits()
    register_limit_requests()
    register_money_jobs()
    register_money_reasons()
    register_order_reasons()


def _contracts() -> None:
    register_assortment_policy()
    register_shelf_goods(shelf_of)
    register_contract_policy()
    register_contracts()
    register_contract_jobs()
    register_contract_files()
    register_terms()
    register_terms_jobs()
    register_retro()
    register_retro_parts()
    register_schemes()
    register_scheme_parts()
    register_scheme_reasons()
    register_promos()
    register_promo_parts()
    register_proposals()
    register_proposal_parts()
    register_assortment_proposals()
    register_price_changes()
    register_producers()
    register_contract_reasons()
    register_proposal_reasons()
    register_price_reasons()


def _template_of(kind: str, default: Path) -> bytes:
    from deals.papers.contract import template_of  # what typesets is loaded when it is needed

    return template_of(kind, default)
