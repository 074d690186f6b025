"""The rows of reconciliations and their acts; the letters are told in `matrix.py`."""

RECONCILIATIONS = {
    "deals:act_batch": (".--------------L", "mmmmmmmmmmmmmmmL"),
    "deals:act_batch_start": ("....xx.xxxxxx..L", "vvvvxxvxxxxxxvvL"),
    "deals:act_batch_zip": (".--------------L", "mmmmmmmmmmmmmmmL"),
    "deals:act_file": (".-......-------L", "mmmmmmmmmmmmmmmL"),
    "deals:act_make": (".-..xx.x-------L", "v-vvxxvx-------L"),
    "deals:act_preview": (".-......xx-----L", "mmmmmmmmmmmmmmmL"),
    "deals:act_send": (".-..xx.x-------L", "v-vvxxvx-------L"),
    "deals:act_sign": (".-..xx.x-------L", "v-vvxxvx-------L"),
    "deals:reconciliation_detail": (".-......-------L", "mmmmmmmmmmmmmmmL"),
    "deals:reconciliation_history": (".-......-------L", "mmmmmmmmmmmmmmmL"),
}
