"""A sample feed to try onestory with: one day of wire news, all of it made up."""
