"""Personal links: what somebody without an account opens by a token (ADR 0019).

A later app declares what its tokens open and gets views for whoever has one:

    DOOR = Door("act", find=find_link, refused=note_refusal, title=_("Act of reconciliation"))

    @DOOR.public("GET", "HEAD")
    def act_public_page(request, link, visitor): ...
"""
