"""Who gets what from plan and fact and from target tasks; read as `matrix.py` says."""

FACTS = {
    "reports:figure": ("......xxxxxxx..L", "mmmmmmmmmmmmmmmL"),
    "reports:month_close": ("mmmmmmmmmmmmmmmL", "xxxx>xxxxxxxxxxL"),
    "reports:plan_fact": ("......xxxxxxx..L", "mmmmmmmmmmmmmmmL"),
    "reports:target_accept": ("x-x..x---------L", "x-xvvx---------L"),
    "reports:target_create": ("xxx..xxxxxxxxx.L", "xxxvvxxxxxxxxxvL"),
    "reports:target_detail": (".-....---------L", "mmmmmmmmmmmmmmmL"),
    "reports:target_drop": ("mmmmmmmmmmmmmmmL", "--x>>x---------L"),
    "reports:target_edit": ("--x..x---------L", "--xvvx---------L"),
    "reports:target_history": (".-....---------L", "mmmmmmmmmmmmmmmL"),
    "reports:target_list": ("......xxxxxxx..L", "mmmmmmmmmmmmmmmL"),
    "reports:target_report": (".-xxxx---------L", "v-xxxx---------L"),
    "reports:target_return": ("x-x..x---------L", "x-xvvx---------L"),
    "reports:target_set": ("mmmmmmmmmmmmmmmL", "--x>>x---------L"),
}
