"""What two fingerprints have in common, as numbers a verifier can weigh.

A flash or a partial translation covers only the beginning of a story, so nothing
here is symmetric in length: every part of the shorter text is compared with every
part of the longer, and containment asks how much of what the one that says *less*
says the other says too. Facts of title and lead are counted apart, since they are what
the item is about; a name at the end of a long text proves little.
"""

from dataclasses import dataclass

import numpy as np

from service.fingerprints.minhash import jaccard
from service.matching import alignment, cue_features
from service.matching.columns import Anchors, Columns, Floats, Indices, Shared, shared

NAMES = (
    "body", "title", "lead", "title_and_lead", "short_lead_long_body", "short_body_long_lead",
    "shingles", "shingle_containment", "template",
    "names", "names_contained", "lead_names_contained", "lead_names", "names_shared", "names_said",
    "quantities", "quantities_contained", "lead_quantities_contained", "lead_quantities",
    "quantities_shared", "quantities_said",
    "dates", "dates_contained", "lead_dates_contained", "dates_shared", "dates_said",
    "length_ratio", "length", "cross_lingual", "tagged", "items", "hours_apart",
    "opinion", *alignment.NAMES, *cue_features.NAMES,
)  # fmt: skip
"""Columns of ``Features.values``, in order."""
_PLACES = {name: place for place, name in enumerate(NAMES)}

NOTHING_SAID = 0.5
"""Containment where the shorter text says no fact of a kind: neither agreement nor conflict."""
PRIOR = 2.0
"""Weight of facts never said that count as half contained: seven facts say more than one."""
LONGEST_HOURS = 24.0
_SHORTEST = 1e-6
"""Length below which a vector is zero."""


@dataclass(frozen=True, slots=True)
class Features:
    """Features of a batch of pairs."""

    values: Floats
    """Shape (pairs, len(NAMES))."""
    headline: Floats
    """Cosine of title and lead together."""
    facts: Floats
    """Weighted Jaccard similarity of all anchors together; 0 where neither text has any."""
    anchors_shared: Floats
    """Weight of all names, numbers and dates that both say."""
    facts_contained: Floats
    """Share of the shorter text's numbers and dates that the longer says too."""
    facts_said: Floats
    """Weight of the numbers and dates of the one that says fewer."""

    names_contained: Floats
    """Share of the names of the one that says fewer that the other says too."""
    names_said: Floats
    """Weight of the names of the one that says fewer."""

    def __getitem__(self, name: str) -> Floats:
        column: Floats = self.values[:, _PLACES[name]]
        return column


def features(columns: Columns, first: Indices, second: Indices) -> Features:
    """Features of the pairs ``first[p]``, ``second[p]``; the order within a pair is no matter.

    Of two texts of one length the first counts as the shorter.
    """
    swap = columns.tokens[first] > columns.tokens[second]
    short, long = np.where(swap, second, first), np.where(swap, first, second)
    cosines = _cosines(columns, short, long)
    tokens = columns.tokens
    text = jaccard(columns.shingle_rows[short], columns.shingle_rows[long])
    both = text / (1 + text) * (tokens[short] + tokens[long])
    kinds = (columns.names, columns.quantities, columns.dates)
    found = [shared(kind, short, long) for kind in kinds]
    values = [
        *cosines,
        text,
        np.minimum(both / np.maximum(tokens[short], 1), 1),
        jaccard(columns.template_rows[short], columns.template_rows[long]),
        *_agreement(columns.names, found[0], short, long),
        *_agreement(columns.quantities, found[1], short, long),
        *_without_leads(_agreement(columns.dates, found[2], short, long)),
        np.log(np.maximum(tokens[short], 1) / np.maximum(tokens[long], 1)),
        np.log1p(tokens[short]),
        (columns.langs[short] != columns.langs[long]).astype(np.float32),
        (columns.tagged[short] | columns.tagged[long]).astype(np.float32),
        np.log1p(np.maximum(columns.items[short], columns.items[long])),
        _hours_apart(columns, short, long),
        _dot(columns.opinions[short], columns.opinions[long]),
        *alignment.alignment(columns, short, long),
        *cue_features.cue_features(columns, found[0].order, short, long),
    ]
    both_said = sum(kind.totals[short] + kind.totals[long] for kind in kinds)
    in_common = np.sum([one.total for one in found], axis=0)
    said = columns.quantities.totals[short] + columns.dates.totals[short]
    long_said = columns.quantities.totals[long] + columns.dates.totals[long]
    names = np.minimum(columns.names.totals[short], columns.names.totals[long])
    return Features(
        values=np.column_stack(values).astype(np.float32),
        headline=((cosines[1] + cosines[2]) / 2).astype(np.float32),
        facts=(in_common / np.maximum(both_said - in_common, 1)).astype(np.float32),
        anchors_shared=in_common,
        facts_contained=_ratio(found[1].total + found[2].total, said),
        facts_said=np.minimum(said, long_said),
        names_contained=_ratio(found[0].total, names),
        names_said=names,
    )


def _cosines(columns: Columns, short: Indices, long: Indices) -> list[Floats]:
    """The first six features; every vector is gathered once."""
    half = columns.heads.shape[1] // 2
    heads, other_heads = (columns.heads.take(at, axis=0) for at in (short, long))
    bodies, other_bodies = (columns.bodies.take(at, axis=0) for at in (short, long))
    titles, leads = heads[:, :half], heads[:, half:]
    other_titles, other_leads = other_heads[:, :half], other_heads[:, half:]
    lengths = np.maximum(columns.body_lengths, _SHORTEST)
    return [
        _dot(bodies, other_bodies),
        _dot(titles, other_titles),
        _dot(leads, other_leads),
        np.maximum(_dot(titles, other_leads), _dot(leads, other_titles)),
        _dot(leads, other_bodies[:, :half]) / lengths[long],
        _dot(bodies[:, :half], other_leads) / lengths[short],
    ]


def _dot(left: Floats, right: Floats) -> Floats:
    product: Floats = np.einsum("ij,ij->i", left, right)
    return product


def _agreement(kind: Anchors, found: Shared, short: Indices, long: Indices) -> list[Floats]:
    """Jaccard; containment of the one that says less, of the shorter's lead; Jaccard of leads;
    shared; said.
    """
    said, long_said = kind.totals[short], kind.totals[long]
    lead_said = kind.lead_totals[short]
    less = np.minimum(said, long_said)
    return [
        _ratio(found.total, said + long_said - found.total),
        _contained(found.total, less),
        _contained(found.of_first_lead, lead_said),
        _ratio(found.of_both_leads, lead_said + kind.lead_totals[long] - found.of_both_leads),
        np.log1p(found.total),
        np.log1p(less),
    ]


def _hours_apart(columns: Columns, short: Indices, long: Indices) -> Floats:
    """Reports of one event come within hours; as all features do, it falls as the two differ.

    0 where a time is not told, and no more beyond a day: an editor may print it on the next.
    """
    hours = np.nan_to_num(np.abs(columns.hours[short] - columns.hours[long]), nan=0.0)
    apart: Floats = -np.log1p(np.minimum(hours, LONGEST_HOURS)).astype(np.float32)
    return apart


def _without_leads(values: list[Floats]) -> list[Floats]:
    """Dates: leads rarely hold more than one, so Jaccard of leads adds nothing."""
    return values[:3] + values[4:]


def _contained(part: Floats, whole: Floats) -> Floats:
    """Containment where little said proves little: one number of many may be misread, and
    a text whose only number the other lacks does not contradict it.
    """
    return ((part + PRIOR * NOTHING_SAID) / (whole + PRIOR)).astype(np.float32)


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.where(whole > 0, part / np.maximum(whole, 1), NOTHING_SAID).astype(np.float32)
