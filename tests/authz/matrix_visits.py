"""Visits of merchandisers: whoever watches, plans, agrees and makes them."""

VISITS = {
    "clients:visit_cancel": ("x-...x--.--x---L", "x-vvvx--v--x---L"),
    "clients:visit_create": ("xx...xxx.xxxxx.L", "xxvvvxxxvxxxxxvL"),
    "clients:visit_detail": (".-....--.--.---L", "mmmmmmmmmmmmmmmL"),
    "clients:visit_history": (".-....--.--.---L", "mmmmmmmmmmmmmmmL"),
    "clients:visit_list": ("......xx.xx.x..L", "mmmmmmmmmmmmmmmL"),
    "clients:visit_move": ("x-...x--.--.---L", "x-vvvx--v--v---L"),
    "clients:visit_note": ("mmmmmmmmmmmmmmmL", "x-xxxx--x--v---L"),
    "clients:visit_plan_agree": ("mmmmmmmmmmmmmmmL", "xxxxxx-->----xxL"),
    "clients:visit_plan_detail": ("......--.----..L", "mmmmmmmmmmmmmmmL"),
    "clients:visit_plan_list": ("......xx.xxxx..L", "mmmmmmmmmmmmmmmL"),
    "clients:visit_plan_make": ("xxx..xxxxxxxxx.L", "xxxvvxxxxxxxxxvL"),
    "clients:visit_start": ("mmmmmmmmmmmmmmmL", "x-xxxx--x-->---L"),
    "clients:visit_today": ("xxxxxxxxxxx.xxxL", "mmmmmmmmmmmmmmmL"),
}
