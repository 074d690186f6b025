"""Surveys: their figures and their invitations."""
