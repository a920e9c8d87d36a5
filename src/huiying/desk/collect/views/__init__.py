"""The pages of the collecting room."""
