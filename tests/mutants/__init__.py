"""Would the tests notice a mistake? `python -m tests.mutants [module ...]`.

A module is changed in one place at a time (an operator, a comparison, a condition, a constant, a
return, a call) and its unit tests run against each such mutant. One that no test fails is a
mistake that nobody would see: either a test is missing, or the change is none. Those of the
second kind stand in `equivalent.toml`, each with the reason. DeMillo, Lipton and Sayward, "Hints
on test data selection", 1978.

For developers, by hand: a module takes a minute or two.
"""
