"""What makes a department alive: absences, schemes, decisions that wait."""

from datetime import date
from random import Random

from reports.demo.people import Staff
from reports.demo.scales import Scale


def add_everyday_life(scale: Scale, staff: Staff, random: Random, today: date) -> None:
    """Added through the actions of the product, so that it looks as if people had done it."""
