"""What the app declares to the shared mechanisms when it is ready."""

from claims import importers
from claims.agenda import register_claim_agenda
from claims.approval_handlers.returns import register_returns
from claims.dictionary import register_claim_reasons_book
from claims.files import register_claim_files
from claims.invariants import register_return_invariants
from claims.legal_grounds import register_claim_grounds
from claims.letters import register_claims_of_letters
from claims.navigation import register_navigation
from claims.next_steps.claims import register_claim_reasons
from claims.next_steps.returns import register_return_reasons
from claims.outgoing.outgoing_starting import register_outgoing
from claims.policy.claims import register_claim_policy
from claims.policy.escalations import register_escalation_policy
from claims.policy.measures import register_measure_policy
from claims.seeds import seed_claim_reasons
from claims.tasks.claims import register_claim_parts
from claims.tasks.escalations import register_escalations
from claims.tasks.measures import register_measures
from claims.tasks.returns import register_return_parts
from claims.work_items import register_claim_subjects
from crm.work import seeds as seeding


def register_everything() -> None:
    """Called once, from AppConfig.ready()."""
    seeding.register("reasons of claims", seed_claim_reasons)
    register_escalation_policy()
    register_measure_policy()
    register_claim_policy()
    register_navigation()
    register_escalations()
    register_measures()
    register_claim_parts()
    register_claim_files()
    register_claims_of_letters()
    register_claim_reasons()
    register_claim_reasons_book()
    importers.register()
    register_return_parts()
    register_returns()
    register_return_invariants()
    register_return_reasons()
    register_outgoing()
    register_claim_agenda()
    register_claim_subjects()
    register_claim_grounds()
