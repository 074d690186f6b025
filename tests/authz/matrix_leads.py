"""Who gets what from the addresses of the search for clients; see matrix.py."""

LEADS = {
    "clients:client_score": (".-..xxxxxx-----L", "v-vvxxxxxx-----L"),
    "clients:client_scores": (".-......xx-----L", "mmmmmmmmmmmmmmmL"),
    "clients:lead_act": (".-..xx------x--L", "v-vvxx------x--L"),
    "clients:lead_create": ("....xxxxxxxxx..L", "vvvvxxxxxxxxxvvL"),
    "clients:lead_detail": (".-....------.--L", "mmmmmmmmmmmmmmmL"),
    "clients:lead_edit": (".-..xx------x--L", "v-vvxx------x--L"),
    "clients:lead_history": (".-....------.--L", "mmmmmmmmmmmmmmmL"),
    "clients:lead_list": ("......xxxxxx...L", "mmmmmmmmmmmmmmmL"),
    "clients:lead_score": (".-..xx------x--L", "v-vvxx------x--L"),
    "clients:score_list": ("........xxxx...L", "mmmmmmmmmmmmmmmL"),
    "clients:search_campaign_create": ("xxx..xxxxxxxxx.L", "xxxvvxxxxxxxxxvL"),
    "clients:search_campaign_detail": ("......xx.xxx...L", "mmmmmmmmmmmmmmmL"),
    "clients:search_campaign_edit": ("xxx..xxxxxxxxx.L", "xxxvvxxxxxxxxxvL"),
    "clients:search_campaign_history": ("......xx.xxx...L", "mmmmmmmmmmmmmmmL"),
    "clients:search_campaign_list": ("......xx.xxx...L", "mmmmmmmmmmmmmmmL"),
    "clients:search_channel_edit": ("xxx..xxxxxxxxx.L", "xxxvvxxxxxxxxxvL"),
    "clients:search_channel_list": ("......xx.xxx...L", "mmmmmmmmmmmmmmmL"),
    "reports:audience": ("......xxxxxxx..L", "mmmmmmmmmmmmmmmL"),
}
