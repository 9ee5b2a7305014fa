"""``onestory explain``: the evidence for or against two articles being one story."""

import json
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from pydantic import ValidationError
from redis import Redis

from contracts.article import Article
from service.fingerprints.fingerprint import Fingerprint
from service.matching.evidence import evidence
from workers.commands.session import (
    DataFolder,
    Namespace,
    RedisUrl,
    connected,
    out,
    settings_from,
    told,
)
from workers.errors import ModelMismatch, OnestoryError
from workers.models import models
from workers.render.evidence import evidence_panel
from workers.render.views import ArticleView
from workers.settings import Settings

TITLE_CHARS = 200
"""A text file's first line is its title if it is no longer than this."""


@told
def explain(
    first: Annotated[str, typer.Argument(help="Article id, or file: JSON article or text.")],
    second: Annotated[str, typer.Argument(help="The other article, likewise.")],
    redis_url: RedisUrl = None,
    namespace: Namespace = None,
    data_folder: DataFolder = None,
    json_output: Annotated[bool, typer.Option("--json", help="Evidence as JSON.")] = False,
) -> None:
    """Say why two articles are one story, or two."""
    fingerprinter, verifier = models(settings_from(redis_url, namespace, data_folder))
    if Path(first).is_file() and Path(second).is_file():
        earlier, new = fingerprinter.fingerprints([_article(Path(first)), _article(Path(second))])
    else:
        with connected(redis_url, namespace, data_folder) as (redis, settings):
            held = cast(bytes | None, redis.get(settings.keys.model))
            if held and held.decode() != fingerprinter.model.version:
                raise ModelMismatch(settings.namespace, held.decode(), fingerprinter.model.version)
            earlier, new = (_logged(redis, settings, name) for name in (first, second))
    (verdict,) = verifier.verdicts([(new, earlier)])
    joined = verdict.probability >= verifier.join_threshold
    found = evidence(
        new,
        earlier,
        verdict,
        joined=joined,
        candidates=1,
        verifier=verifier,
        model=fingerprinter.model,
    )
    if json_output:
        typer.echo(found.model_dump_json(indent=2))
        return
    out.print(
        evidence_panel(
            found,
            new=_view(new),
            earlier=_view(earlier),
            relation=verdict.relation if joined else None,
            score=verdict.probability,
        )
    )


def _article(file: Path) -> Article:
    """The article in a file: a JSON object, or text whose short first line is the title."""
    text = file.read_text("utf-8", errors="replace")
    try:
        value: Any = json.loads(text)
    except ValueError:
        value = None
    try:
        if isinstance(value, dict):
            return Article.model_validate({"id": file.name, **value})
        head, _, body = text.strip().partition("\n")
        if len(head) > TITLE_CHARS:
            head, body = "", text
        return Article(id=file.name, title=head, text=body)
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        raise OnestoryError(
            f"{file}: {'.'.join(map(str, problem['loc']))} {problem['msg']}"
        ) from error


def _logged(redis: Redis, settings: Settings, article_id: str) -> Fingerprint:
    """A placed article's fingerprint from the log."""
    number = cast(Any, redis.hget(settings.keys.article(article_id), "n"))
    at = f"{int(number)}-0" if number else ""
    entries = cast(Any, redis.xrange(settings.keys.log, at, at)) if number else []
    # After a switch some articles are held without a fingerprint (workers/takeover.py).
    payload = entries[0][1].get(b"p") if entries else None
    if payload is None:
        raise OnestoryError(
            f"{article_id!r} is neither a file nor an article that namespace "
            f"{settings.namespace!r} still holds"
        )
    return Fingerprint.checked(payload)


def _view(fingerprint: Fingerprint) -> ArticleView:
    return ArticleView(
        article_id=fingerprint.article_id,
        lang=fingerprint.lang,
        title=fingerprint.title,
        source=fingerprint.source,
    )
