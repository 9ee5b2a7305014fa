"""Hypothesis while mutants run: the same examples for each, and none remembered for other runs."""

from hypothesis import HealthCheck, Phase, settings

settings.register_profile(
    "mutants",
    derandomize=True,
    deadline=None,
    database=None,
    # A mutant is killed by the first example that fails; a smaller one would tell nobody anything.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("mutants")
