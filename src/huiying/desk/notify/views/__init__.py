"""Pages of the outbox and of the ways out."""
