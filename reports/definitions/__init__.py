"""Declarations of the reports, one module per subject."""

from reports.definitions import (
    abc,
    budgets,
    claims,
    contracts,
    control,
    course,
    debt_history,
    demand,
    expected,
    halls,
    incentives,
    kpi,
    leads,
    market,
    movements,
    orders,
    plan_fact,
    plans,
    price_notices,
    promos,
    receivables,
    reconciliations,
    registration,
    retro,
    strategy,
    terms,
    timeliness,
    unsigned,
    visits,
    work_items,
    workload,
)


def register_reports() -> None:
    """Declare them all; called once when the app is ready."""
    plan_fact.register_plan_fact_reports()
    kpi.register_kpi_reports()
    course.register_course()
    movements.register_movement_reports()
    orders.register_order_reports()
    abc.register_abc_reports()
    receivables.register_receivables()
    contracts.register_contract_reports()
    unsigned.register_unsigned_reports()
    halls.register_hall_reports()
    leads.register_lead_reports()
    market.register_market_reports()
    terms.register_terms_reports()
    retro.register_retro_reports()
    price_notices.register_price_reports()
    promos.register_promo_reports()
    demand.register_demand_reports()
    strategy.register_strategy_reports()
    debt_history.register_debt_history()
    expected.register_expected_report()
    reconciliations.register_reconciliation_reports()
    claims.register_claim_reports()
    work_items.register_work_reports()
    plans.register_plan_reports()
    control.register_control_reports()
    incentives.register_incentive_reports()
    registration.register_registration_reports()
    timeliness.register_timeliness_reports()
    budgets.register_budget_reports()
    workload.register_workload_reports()
    visits.register_visit_reports()
