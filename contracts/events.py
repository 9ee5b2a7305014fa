"""Story events: CloudEvents 1.0 in JSON, one stream entry an event.

A consumer that only applies these events holds the same partition of articles into
stories as the service. Three rules make that easy:

* ``id`` is a function of what happened (story and sequence), so an event
  delivered twice is recognised by its id alone;
* ``data.sequence`` is 1 for a story's first event and grows by one, so a gap
  shows that something was missed;
* ``data.position`` grows with every event of the namespace, and an article is where
  the event with the greatest position puts it.

The third matters where text was withdrawn: events that quote a killed article are taken
off the stream and told once more without the text, same id, sequence and position, at the
stream's end. A consumer that saw them ignores the copy; one that comes later applies it.

New fields and new types of event may come at any time, so a consumer must ignore
what it does not know; these models do. A field that is there keeps its name, type
and meaning, and stays.

Source of the envelope: CloudEvents specification 1.0.2, JSON event format.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    NonNegativeInt,
    PositiveInt,
    TypeAdapter,
)

NonEmpty = Annotated[str, Field(min_length=1)]
Similarity01 = Annotated[float, Field(ge=0.0, le=1.0)]


class Relation(StrEnum):
    """How a joining article stands to the article it matched."""

    COPY = "copy"
    REVISION = "revision"
    REWRITE = "rewrite"
    TRANSLATION = "translation"


class _Contract(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)


class Similarity(_Contract):
    """How alike two articles are, by each part of their fingerprints; 1 is the same."""

    text: Similarity01
    """Jaccard similarity of word shingles, estimated by MinHash."""
    facts: Similarity01
    """Weighted Jaccard similarity of names, numbers and dates across languages."""
    meaning: Similarity01
    """Cosine of the bodies' embeddings, negatives cut to 0."""
    headline: Similarity01
    """Cosine of the embeddings of title and lead, negatives cut to 0."""


class Model(_Contract):
    """The model that decided, so that a decision can be traced and repeated."""

    version: str
    sha256: str
    """First 16 hex digits of the SHA-256 of the weights; of ``version`` where those are out of
    sight, behind an endpoint."""


class Evidence(_Contract):
    """Why an article was placed where it is, readable by an editor."""

    summary: str
    """One line in plain words."""
    similarity: Similarity | None = None
    """Against ``matched_article_id``; null if nothing came near."""
    shared: tuple[str, ...] = ()
    """Shared names, numbers and dates in their original forms, most telling first."""
    guards: tuple[str, ...] = ()
    """Guards that spoke, each with what it saw."""
    thresholds: dict[str, float] = {}
    candidates: int = 0
    """Earlier articles that were compared."""
    model: Model


class _Told(_Contract):
    """What the data of every event have."""

    story_id: str
    sequence: PositiveInt
    position: NonNegativeInt = 0
    """Place in the order of the namespace's events, from 1."""


class _Counted(_Told):
    """A story's figures after the event."""

    article_count: PositiveInt
    languages: tuple[str, ...]
    """Languages of the story's articles, sorted."""
    independent_sources: PositiveInt
    """Reports that stand on their own: reprints, translations and revisions of one original
    count once, and so does one outlet."""
    lead: str
    """Article id of the member that represents the story."""


def _is_absent(value: object) -> bool:
    return value is None


_Repaired = Annotated[str | None, Field(exclude_if=_is_absent)]


class Placement(_Counted):
    """An article's place in a story: the data of ``story.opened`` and ``story.joined``."""

    article_id: str
    lang: str
    """ISO 639-1, or ``und``."""
    relation: Relation | None
    """To ``matched_article_id``; null for the article that opens a story."""
    score: Similarity01 | None
    """Probability that the two articles are one story; null where nothing was compared."""
    matched_article_id: str | None
    """The match; for ``story.opened`` the nearest article that was *not* one, if any."""
    evidence: Evidence
    title: str
    source: str | None = None
    url: str | None = None
    published_at: AwareDatetime | None = None
    version: int = 1
    split_from: str | None = None
    """The story that the article was in before; its ``story.split`` was told just before."""
    rule: str | None = None
    """The editor's rule that put it here, if one did."""
    redacted: bool = False
    """The text was withdrawn, and with it title and wording; see the top of this module."""
    repaired: _Repaired = None
    """How title and text came broken, such as ``windows-1251 read as latin-1``: the title is what
    they were before. Absent where they came as they should."""


class Change(StrEnum):
    """What was revised."""

    VERSION = "version"
    """A member has a new version and stays."""
    LEAD = "lead"
    """Another member represents the story."""
    RETRACTED = "retracted"
    """A member was killed; others remain."""
    WITHHELD = "withheld"
    """A member is held back; others remain."""


class Revision(_Counted):
    """A story goes on with a change: the data of ``story.revised``."""

    change: Change
    article_id: str
    """The member that changed, left, or leads now."""
    old_version: int | None = None
    new_version: int | None = None
    old_lead: str | None = None
    """The lead before, if it is another one."""
    translations: tuple[str, ...] = ()
    """Of a killed article: members in other languages of the same origin, its translations and
    what it may be one of. They may be wrong too."""
    copies: tuple[str, ...] = ()
    """Of a killed article: members in its own language of the same origin."""
    relation: Relation | None = None
    """Of the new version to ``matched_article_id``."""
    score: Similarity01 | None = None
    matched_article_id: str | None = None
    evidence: Evidence | None = None
    title: str = ""
    """Of the new version, like the rest."""
    source: str | None = None
    url: str | None = None
    published_at: AwareDatetime | None = None
    lang: str | None = None
    rule: str | None = None
    redacted: bool = False
    repaired: _Repaired = None


class Merger(_Counted):
    """Two stories prove to be one: the data of ``story.merged``.

    The event belongs to the story that ends; ``article_ids`` move to ``merged_into``,
    the older of the two, whose figures these are. The old id stays resolvable for as long
    as the story lives.
    """

    merged_into: str
    article_ids: tuple[str, ...]
    because_of: str
    """The article whose arrival, or the rule that, showed that the two are one; or ``switch to``
    a namespace whose stories these become."""


class Split(_Counted):
    """Members leave a story for another one: the data of ``story.split``.

    The event belongs to the story that is left, and the figures are its own. Where the
    members go to a new story, its ``story.opened`` follows; where one goes to a story that
    is there, that story's ``story.joined``.
    """

    split_from: str
    """The story that is left, so ``story_id`` again."""
    moved_to: str
    article_ids: tuple[str, ...]
    because_of: str
    """The article whose new version no longer fits, or the rule; or ``switch to`` a namespace
    whose stories these become."""
    old_lead: str | None = None
    """The lead before, if it left."""


class Retraction(_Told):
    """A story ends without articles: the data of ``story.retracted``. Ids only."""

    article_ids: tuple[str, ...]
    """The last members, killed or held back."""
    change: Change
    """``retracted`` or ``withheld``."""


class Closure(_Counted):
    """A story's window passed: the data of ``story.closed``, with the final figures.

    It is forgotten with this event: what comes later opens another story.
    """


class _Event(_Contract):
    # CloudEvents' required attributes are required of a reader's schema too.
    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    specversion: Literal["1.0"] = "1.0"
    id: NonEmpty
    """The same for the same event, however often it is delivered."""
    source: NonEmpty
    """Where the event came from, a URI reference."""
    subject: NonEmpty
    """The story id."""
    time: AwareDatetime
    """When it was decided."""
    datacontenttype: Literal["application/json"] = "application/json"
    traceparent: Annotated[str | None, Field(exclude_if=_is_absent)] = None
    """Trace context of what led to the event, by W3C Trace Context: the distributed tracing
    extension of CloudEvents. Absent where the article came without one and nothing is traced."""


class StoryOpened(_Event):
    """First article of a story."""

    type: Literal["story.opened"] = "story.opened"
    data: Placement


class StoryJoined(_Event):
    """Another article joins a story."""

    type: Literal["story.joined"] = "story.joined"
    data: Placement


class StoryRevised(_Event):
    """A member changed, left for nowhere, or another one leads."""

    type: Literal["story.revised"] = "story.revised"
    data: Revision


class StoryMerged(_Event):
    """A story proves to be part of an older one."""

    type: Literal["story.merged"] = "story.merged"
    data: Merger


class StorySplit(_Event):
    """Members leave a story for another one."""

    type: Literal["story.split"] = "story.split"
    data: Split


class StoryRetracted(_Event):
    """A story's last member was killed or held back."""

    type: Literal["story.retracted"] = "story.retracted"
    data: Retraction


class StoryClosed(_Event):
    """A story's window passed."""

    type: Literal["story.closed"] = "story.closed"
    data: Closure


AnyEvent = (
    StoryOpened
    | StoryJoined
    | StoryRevised
    | StoryMerged
    | StorySplit
    | StoryRetracted
    | StoryClosed
)

StoryEvent = Annotated[AnyEvent, Field(discriminator="type")]

STORY_EVENT: TypeAdapter[AnyEvent] = TypeAdapter(StoryEvent)
"""Parses an event's JSON: ``STORY_EVENT.validate_json(entry[b"data"])``."""


def event_id(story_id: str, sequence: int) -> str:
    """The deterministic id of a story's ``sequence``-th event.

    >>> event_id("st_00f3", 2)
    'st_00f3-2'
    """
    return f"{story_id}-{sequence}"
