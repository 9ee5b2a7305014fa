"""The verifier's features by what they look at, for the ablation."""

from collections.abc import Mapping

from service.matching import cue_features

GROUPS: Mapping[str, tuple[str, ...]] = {
    "embedding of the body": ("body", "short_lead_long_body", "short_body_long_lead"),
    "second opinion": ("opinion",),
    "keywords aligned": ("aligned", "aligned_contained", "aligned_weight"),
    "keywords in common": ("words", "words_contained", "words_shared"),
    "embeddings of title and lead": ("title", "lead", "title_and_lead"),
    "shingles": ("shingles", "shingle_containment"),
    "template": ("template",),
    "names": (
        "names",
        "names_contained",
        "lead_names_contained",
        "lead_names",
        "names_shared",
        "names_said",
    ),
    "numbers": (
        "quantities",
        "quantities_contained",
        "lead_quantities_contained",
        "lead_quantities",
        "quantities_shared",
        "quantities_said",
    ),
    "dates": (
        "dates",
        "dates_contained",
        "lead_dates_contained",
        "dates_shared",
        "dates_said",
    ),
    "lengths, languages, tags, items": (
        "length_ratio",
        "length",
        "cross_lingual",
        "tagged",
        "items",
    ),
    "time": ("hours_apart",),
    "cues": tuple(cue_features.NAMES),
}
"""Every feature is in exactly one group."""

GUARDS = (
    "too_short",
    "little_shared",
    "digest",
    "other_facts",
    "other_names",
    "other_headlines",
    "boilerplate",
    "opposite",
    "swapped",
)
"""The guards that veto."""
