"""Fingerprints of the sample feed, kept as a digest: whoever makes reading faster changes no bit.

The encoder's vectors are left out. They are sums of floats, whose last bit is the processor's; what
they are sums of is tested in ``tests/unit/embedding``.
"""

import json
from hashlib import sha256
from pathlib import Path

from contracts.article import Article
from service.fingerprints.fingerprinter import Fingerprinter
from tests.support.builders.fingerprints import FIELDS
from tests.unit.fingerprints.builders import as_lists

FEED = Path(__file__).parents[3] / "workers" / "demo" / "feed.jsonl"
DIGEST = "bc8cb8c1918c739edae601b7d5b9f83ded3e6c69bb48a4017be1486c70e38835"
_OF_FLOATS = {"body_vector", "head_vector", "opinion_vector"}


def test_no_bit_of_the_sample_feeds_fingerprints_has_changed() -> None:
    lines = FEED.read_text().splitlines()
    articles = [Article.model_validate_json(line) for line in lines]
    made = Fingerprinter.load().fingerprints(
        [*articles, *[article.model_copy(update={"lang": None}) for article in articles]]
    )

    said = [
        [as_lists(getattr(one, name)) for name in FIELDS if name not in _OF_FLOATS] for one in made
    ]

    assert sha256(json.dumps(said).encode()).hexdigest() == DIGEST
