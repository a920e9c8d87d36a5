"""A signed webhook: other systems push mentions to the desk."""
