"""Who may do what with claims (C.9); pure, they guard actions and show buttons."""
