"""What people see in a terminal: pure functions from views to rich renderables.

Nothing here prints. Every renderable fits the console's width (80 columns up) and
reads as well without colour, since ``onestory`` is used in pipes too. Words from
feeds are never read as markup and never reach the terminal as control codes.
"""
