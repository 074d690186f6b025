"""Screens of people, units and substitutions, and the rules of sign-in.

The tables and what is done to them stand in crm.accounts, which every app is built on; the screens
need lists, settings and notices, which are built on crm.accounts, so they live here, above.
"""
