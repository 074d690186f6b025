"""Library of policies: documents with versions, acknowledgement, duties and their screens."""
