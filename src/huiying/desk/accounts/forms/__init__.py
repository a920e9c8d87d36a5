"""What people fill in about the institution, themselves and each other."""
