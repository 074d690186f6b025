"""Meetings and briefings: agenda of open problems, minutes, decisions that become work (CR-04)."""
