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
}
