from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "apps.contacts"

    def ready(self) -> None:
        from apps.channels.registry import (
            register_contact_finder,
            register_contact_reader,
            register_recipient_facts,
        )
        from apps.contacts import connecting
        from apps.contacts.queries import contact_card, find_contact_ref, recipient_facts

        register_recipient_facts(recipient_facts)
        register_contact_finder(find_contact_ref)
        register_contact_reader(contact_card)
        connecting.register()
