"""Who gets what from the addresses of claims; read as `matrix.py` says."""

CLAIMS = {
    "claims:answer": (".-...xxx--x----L", "v-vvvxxx--x----L"),
    "claims:assign": ("x-...xxx--x----L", "x-vvvxxx--x----L"),
    "claims:board": ("........xx.xx..L", "mmmmmmmmmmmmmmmL"),
    "claims:client_claims": (".-......xx-----L", "mmmmmmmmmmmmmmmL"),
    "claims:close": ("mmmmmmmmmmmmmmmL", ">->>>xxx--x----L"),
    "claims:compensate": (".-...x.x--x----L", "v-vvvxvx--x----L"),
    "claims:decide": (".-...xxx--x----L", "v-vvvxxx--x----L"),
    "claims:detail": (".-......--.----L", "mmmmmmmmmmmmmmmL"),
    "claims:edit": (".-...xxx--x----L", "v-vvvxxx--x----L"),
    "claims:examine": (".-...xxx--x----L", "v-vvvxxx--x----L"),
    "claims:history": (".-......--.----L", "mmmmmmmmmmmmmmmL"),
    "claims:list": ("........xx.xx..L", "mmmmmmmmmmmmmmmL"),
    "claims:register": (".-...xxxxx-----L", "v-vvvxxxxx-----L"),
    "claims:reopen": (".-...xxx--x----L", "v-vvvxxx--x----L"),
    "claims:reply": (".-...xxx--x----L", "mmmmmmmmmmmmmmmL"),
    "claims:sale_claims": (".-......-------L", "mmmmmmmmmmmmmmmL"),
    "claims:sale_lines": (".-...xxxxx-----L", "mmmmmmmmmmmmmmmL"),
    "claims:start": (".....xxxxxxxx..L", "vvvvvxxxxxxxxvvL"),
    "claims:withdraw": (".-...xxx--x----L", "v-vvvxxx--x----L"),
}
