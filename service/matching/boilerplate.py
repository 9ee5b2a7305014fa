"""A passage in common that is no news: a footer, a disclaimer, an outlet's text about itself.

A fingerprint says how much two texts share and not where, and a footer of 192 words outweighs a
report of a hundred in every feature but one: the headline. So where two texts have a passage in
common, one headline must have to do with the other, or with the other's lead, as those of one
report have, however it is cut, reprinted or headed. It follows from the pair alone, so nothing
hangs on who else bears the footer.
"""

import numpy as np
from numpy.typing import NDArray

from service.matching.columns import Columns, Indices
from service.matching.features import Features

PASSAGE = 0.1
"""Shingle similarity from which two texts have a passage in common; a quotation is less."""
SHORTEST = 15.0
"""Shingles of a passage: of two short texts a phrase that any bulletin has is a tenth."""
UNLIKE = 0.35
"""Cosine below which neither headline has to do with the other, or with the other's lead. Of the
1,166 true pairs of dev in one language that share a passage 2 lie below (translations of one
garbled headline by machines), 1 in 100 below 0.48; of unrelated reports 95 in 100.
"""


def is_boilerplate(
    columns: Columns, seen: Features, first: Indices, second: Indices, unknown: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Whether the passage that two texts share is all that they share, shape (pairs,).

    Of texts without headlines the leads must be alike.

    Args:
        columns: of the fingerprints.
        seen: features of the pairs.
        first: one fingerprint of each pair.
        second: the other.
        unknown: pairs with a language that the encoder does not know. Headlines of one report in
            one such language may be as far apart as any, so there the guard is silent.
    """
    headlines = np.maximum(seen["title"], seen["title_and_lead"])
    untitled = ~(columns.titled[first] | columns.titled[second])
    alike = np.where(untitled, seen["lead"], headlines)
    in_one_language = columns.langs[first] == columns.langs[second]
    said = columns.tokens[first] + columns.tokens[second]
    both = seen["shingles"] / (1 + seen["shingles"]) * said
    speaks: NDArray[np.bool_] = (seen["shingles"] >= PASSAGE) & (both >= SHORTEST)
    speaks &= (alike < UNLIKE) & ~(unknown & in_one_language)
    return speaks
