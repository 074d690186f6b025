"""How the approval engine moves records of this app, and the evidence it shows."""
