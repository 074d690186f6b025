"""What plans make a client next in My day."""
