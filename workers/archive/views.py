"""What the API answers: these models are its OpenAPI description.

All times are UTC, ISO 8601 with a Z. Titles, outlets and addresses are as the feeds sent them:
whoever shows them must escape them.
"""

from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from contracts.events import Evidence, Relation

ItemState = Literal[
    "waiting",
    "in_work",
    "placed",
    "held",
    "embargoed",
    "killed",
    "dead",
    "forgotten",
    "unknown",
]


class View(BaseModel):
    """An answer, or a part of one."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class Headline(View):
    """The headline of a story in one language."""

    lang: str
    """ISO 639-1, or ``und``."""
    article_id: str
    title: str
    source: str | None
    published_at: AwareDatetime | None
    count: int
    """Articles of the story in this language."""


class Newest(View):
    """What happened last in a story."""

    type: str
    """Of the event, such as ``story.joined``."""
    relation: Relation | None
    article_id: str | None
    lang: str | None
    title: str | None
    source: str | None
    time: AwareDatetime
    summary: str
    """In one line."""


class StoryCard(View):
    """A story in a list."""

    id: str
    state: Literal["open", "closed", "retracted"]
    """``closed``: its window passed. ``retracted``: its last article was killed or held back."""
    opened_at: AwareDatetime
    """When its first event was told."""
    updated_at: AwareDatetime
    """When it changed last, its closure aside."""
    first_published_at: AwareDatetime | None
    """The earliest publication of its articles, as their feeds say."""
    article_count: int
    languages: list[str]
    independent_sources: int
    """Reports that stand on their own: reprints, translations and revisions of one original
    count once, and so does one outlet."""
    lead: str | None
    """Id of the article that represents it."""
    headlines: list[Headline]
    """One a language, Russian and English first: the lead's in its own, else the earliest."""
    newest: Newest | None
    ruled: bool
    """Whether an editor's rule had a say in it."""


class Stories(View):
    """A page of stories."""

    stories: list[StoryCard]
    next: str | None
    """Cursor of the next page; null at the end."""
    total: int
    """All that match, on whatever page."""


class ArticleView(View):
    """An article, and why it is where it is."""

    article_id: str
    lang: str
    title: str
    """Empty where the text was withdrawn."""
    source: str | None
    url: str | None
    published_at: AwareDatetime | None
    placed_at: AwareDatetime | None
    """When it came to this story."""
    version: int | None
    relation: Relation | None
    """To ``matched_article_id``; null for an article that opened its story."""
    score: float | None
    """Probability that the two are one story."""
    matched_article_id: str | None
    """The match; of one that opened its story the nearest that was none."""
    rule: str | None
    """The editor's rule that put it here."""
    evidence: Evidence | None
    is_lead: bool
    redacted: bool
    """Words were taken away: its own, or those that its evidence quoted."""
    repaired: str | None
    """How title and text came broken, such as ``windows-1251 read as latin-1``; they are shown as
    they were before. Null where they came as they should."""


class HistoryLine(View):
    """One event of a story."""

    event_id: str
    type: str
    time: AwareDatetime
    sequence: int
    """Of its story; this may be one that merged into the story asked for."""
    position: int
    """In the order of all events."""
    text: str
    """In plain words."""


class StoryView(StoryCard):
    """A story whole."""

    asked_id: str
    """The id that was asked for."""
    merged_into: str | None
    """The story that answers, if the asked one ended in a merger."""
    absorbed: list[str]
    """Ids of stories that merged into it."""
    members: list[ArticleView]
    """In the order in which they came."""
    history: list[HistoryLine]
    """Oldest first, with that of the stories that merged into it; of one story the newest
    thousand."""


class StoryEvents(View):
    """A page of a story's events."""

    events: list[dict[str, Any]]
    """CloudEvents as the stream holds them, oldest first, see the AsyncAPI document."""
    next: str | None


class ArticleDetail(ArticleView):
    """An article by itself."""

    story_id: str | None
    """Null where it is in none: held back, under embargo, or not placed yet."""
    state: ItemState
    text: str | None
    text_note: str | None
    """Why there is no text."""
