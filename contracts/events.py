"""Story events: CloudEvents 1.0 in JSON, one stream entry an event.

A consumer that only applies these events in order holds the same partition of
articles into stories as the service. Two rules make that easy:

* ``id`` is a function of what happened (story and sequence), so an event
  delivered twice is recognised by its id alone;
* ``data.sequence`` is 1 for a story's first event and grows by one, so a gap
  shows that something was missed.

New fields and new types of event may come at any time, so a consumer must ignore
what it does not know; these models do. A field that is there keeps its name, type
and meaning, and stays.

Source of the envelope: CloudEvents specification 1.0.2, JSON event format.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PositiveInt, TypeAdapter

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


class Placement(_Contract):
    """An article's place in a story: the data of ``story.opened`` and ``story.joined``."""

    story_id: str
    article_id: str
    sequence: PositiveInt
    lang: str
    """ISO 639-1, or ``und``."""
    relation: Relation | None
    """To ``matched_article_id``; null for the article that opens a story."""
    score: Similarity01 | None
    """Probability that the two articles are one story; null where nothing was compared."""
    matched_article_id: str | None
    """The match; for ``story.opened`` the nearest article that was *not* one, if any."""
    evidence: Evidence
    article_count: PositiveInt
    languages: tuple[str, ...]
    """Languages of the story's articles, sorted."""
    title: str
    source: str | None = None
    url: str | None = None
    published_at: AwareDatetime | None = None
    version: int = 1


class Merger(_Contract):
    """Two stories prove to be one: the data of ``story.merged``.

    The event belongs to the story that ends; ``article_ids`` move to ``merged_into``,
    the older of the two. The old id stays resolvable for as long as the story lives.
    """

    story_id: str
    sequence: PositiveInt
    merged_into: str
    article_ids: tuple[str, ...]
    because_of: str
    """The article whose arrival showed that the two are one."""
    article_count: PositiveInt
    """Of ``merged_into`` after the merger."""
    languages: tuple[str, ...]


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


class StoryOpened(_Event):
    """First article of a story."""

    type: Literal["story.opened"] = "story.opened"
    data: Placement


class StoryJoined(_Event):
    """Another article joins a story."""

    type: Literal["story.joined"] = "story.joined"
    data: Placement


class StoryMerged(_Event):
    """A story proves to be part of an older one."""

    type: Literal["story.merged"] = "story.merged"
    data: Merger


StoryEvent = Annotated[StoryOpened | StoryJoined | StoryMerged, Field(discriminator="type")]

STORY_EVENT: TypeAdapter[StoryOpened | StoryJoined | StoryMerged] = TypeAdapter(StoryEvent)
"""Parses an event's JSON: ``STORY_EVENT.validate_json(entry[b"data"])``."""


def event_id(story_id: str, sequence: int) -> str:
    """The deterministic id of a story's ``sequence``-th event.

    >>> event_id("st_00f3", 2)
    'st_00f3-2'
    """
    return f"{story_id}-{sequence}"
