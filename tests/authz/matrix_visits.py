"""Visits of merchandisers, and the assortment that they look for on the shelf."""

VISITS = {
    "deals:assortment_archive": ("mmmmmmmmmmmmmmmL", "xxxx>xxx>xxxxxxL"),
    "deals:assortment_create": ("xxxx.xxx.xxxxxxL", "xxxxvxxxvxxxxxxL"),
    "deals:assortment_detail": ("...............L", "mmmmmmmmmmmmmmmL"),
    "deals:assortment_edit": ("xxxx.xxx.xxxxxxL", "xxxxvxxxvxxxxxxL"),
    "deals:assortment_history": ("...............L", "mmmmmmmmmmmmmmmL"),
    "deals:assortment_list": ("...............L", "mmmmmmmmmmmmmmmL"),
    "deals:assortment_propose": ("xx..xxxxxxxxxx.L", "xxvvxxxxxxxxxxvL"),
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
