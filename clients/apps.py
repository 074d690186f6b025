from django.apps import AppConfig


class ClientsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "clients"

    def ready(self) -> None:
        from clients import (
            approval_handlers,
            category_tasks,
            discount_limits,
            importers,
            next_step_contacts,
            policy,
            seeds,
            tasks,
        )
        from clients.client_tasks import register_client_work
        from clients.files import register_files
        from clients.invariants import register_invariants
        from clients.letter_tasks import register_letters
        from clients.our_company import register_company
        from clients.policy_categories import register_category_policy
        from clients.policy_clients import register_client_policy
        from clients.registration_tasks import register_registration
        from clients.survey_tasks import register_surveys
        from clients.work_items import register_work_of_clients

        policy.register_contact_policy()
        register_category_policy()
        register_client_policy()
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
        register_letters()
        register_surveys()
        register_registration()
        register_company()
