"""Who gets what from the addresses of monthly plans; read as `matrix.py` says."""

PLANS = {
    "reports:client_plans": (".-......xx-----L", "mmmmmmmmmmmmmmmL"),
    "reports:plan_add_clients": ("mmmmmmmmmmmmmmmL", "x-x>xxxx-------L"),
    "reports:plan_cells": ("mmmmmmmmmmmmmmmL", "v-vvxxxx-------L"),
    "reports:plan_correct": ("x-x.xxxx-------L", "x-xvxxxx-------L"),
    "reports:plan_detail": (".-......-------L", "mmmmmmmmmmmmmmmL"),
    "reports:plan_draw_up": ("xxx.xxxxxxxxxx.L", "xxxvxxxxxxxxxxvL"),
    "reports:plan_explain": (".-..xxxx-------L", "v-vvxxxx-------L"),
    "reports:plan_explanation_judge": ("x-...xxx-------L", "x-vvvxxx-------L"),
    "reports:plan_file": (".-......-------L", "mmmmmmmmmmmmmmmL"),
    "reports:plan_grid": (".-......-------L", "mmmmmmmmmmmmmmmL"),
    "reports:plan_history": (".-......-------L", "mmmmmmmmmmmmmmmL"),
    "reports:plan_list": ("........xxxxx..L", "mmmmmmmmmmmmmmmL"),
    "reports:plan_part_fill": ("mmmmmmmmmmmmmmmL", ">-xxxxxx-------L"),
    "reports:plan_part_return": ("x-..xxxx-------L", "x-vvxxxx-------L"),
    "reports:plan_part_submit": ("mmmmmmmmmmmmmmmL", "x->>xxxx-------L"),
    "reports:plan_send": ("mmmmmmmmmmmmmmmL", "x-x>xxxx-------L"),
    "reports:plan_spread": (".-...xxx-------L", "v-vvvxxx-------L"),
    "reports:plan_target": ("x-...xxx-------L", "x-vvvxxx-------L"),
}
