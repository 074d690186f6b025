"""The rules of passwords beside the field."""

from django import template

from crm.people.passwords import rules

register = template.Library()
register.simple_tag(rules, name="password_rules")
