"""What the app declares to the shared mechanisms when it is ready."""

from clients import approval_handlers, importers, seeds, tasks
from clients.categorising import discount_limits
from clients.files import register_files
from clients.invariants import register_invariants
from clients.next_steps import contacts as next_step_contacts
from clients.our_company import register_company
from clients.policy import contacts as policy
from clients.policy.categories import register_category_policy
from clients.policy.clients import register_client_policy
from clients.policy.halls import register_hall_policy
from clients.tasks import categories as category_tasks
from clients.tasks.clients import register_client_work
from clients.tasks.events import register_events
from clients.tasks.leads import register_leads
from clients.tasks.letters import register_letters
from clients.tasks.registration import register_registration
from clients.tasks.subjects import register_subjects
from clients.tasks.surveys import register_surveys
from clients.tasks.visits import register_visits
from clients.work_items import register_work_of_clients


def register_everything() -> None:
    """Called once when the app is ready."""
    policy.register_contact_policy()
    register_category_policy()
    register_client_policy()
    register_hall_policy()
    discount_limits.register_discount_limits()
    approval_handlers.register()
    tasks.register_contact_jobs()
    category_tasks.register_category_jobs()
    next_step_contacts.register_contact_reasons()
    register_client_work()
    register_invariants()
    seeds.register_contact_words()
    importers.register()
    register_files()
    register_work_of_clients()
    register_leads()
    register_letters()
    register_subjects()
    register_surveys()
    register_events()
    register_registration()
    register_visits()
    register_company()
