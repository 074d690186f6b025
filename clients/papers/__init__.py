"""Papers of the client base, typeset by typst."""
