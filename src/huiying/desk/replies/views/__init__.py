"""Pages of lines, drafts, approvals, publication, corrections asked for."""
