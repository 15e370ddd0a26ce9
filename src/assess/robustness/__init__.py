"""How far a rating can be trusted: draws, ranks, sensitivity, and what would change it."""
