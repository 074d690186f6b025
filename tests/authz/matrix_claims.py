"""Who gets what from the addresses of claims; read as `matrix.py` says."""

CLAIMS = {
    "claims:claim_escalate": (".-..xxxx--x----L", "v-vvxxxx--x----L"),
    "claims:claim_escalations": (".-......--x----L", "mmmmmmmmmmmmmmmL"),
    "claims:client_escalate": (".-..xxxxxx-----L", "v-vvxxxxxx-----L"),
    "claims:client_escalations": (".-......xx-----L", "mmmmmmmmmmmmmmmL"),
    "claims:contract_escalate": (".-..xxxx-------L", "v-vvxxxx-------L"),
    "claims:contract_escalations": (".-......-------L", "mmmmmmmmmmmmmmmL"),
    "claims:escalation_detail": (".-......-------L", "mmmmmmmmmmmmmmmL"),
    "claims:escalation_hand_higher": ("x-.xxxxx-------L", "x-vxxxxx-------L"),
    "claims:escalation_history": (".-......-------L", "mmmmmmmmmmmmmmmL"),
    "claims:escalation_list": ("........xxxxx..L", "mmmmmmmmmmmmmmmL"),
    "claims:escalation_settle": ("x-.xxxxx-------L", "x-vxxxxx-------L"),
    "claims:escalation_take_up": ("mmmmmmmmmmmmmmmL", "x->xxxxx-------L"),
    "claims:measure_begin": ("mmmmmmmmmmmmmmmL", ">->>>xxx-------L"),
    "claims:measure_check": ("x-...xxx-------L", "x-vvvxxx-------L"),
    "claims:measure_create": ("xx...xxxxxxxxx.L", "xxvvvxxxxxxxxxvL"),
    "claims:measure_detail": (".-......-------L", "mmmmmmmmmmmmmmmL"),
    "claims:measure_finish": (".-...xxx-------L", "v-vvvxxx-------L"),
    "claims:measure_give_up": ("x-...xxx-------L", "x-vvvxxx-------L"),
    "claims:measure_history": (".-......-------L", "mmmmmmmmmmmmmmmL"),
    "claims:measure_list": ("...............L", "mmmmmmmmmmmmmmmL"),
}
