"""``onestory explain``: the evidence for or against two articles being one story."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from contracts.article import Article
from service.fingerprints.fingerprint import Fingerprint
from service.text.mojibake import mended
from workers.commands.console import out, say_json, told
from workers.commands.options import NamedDataFolder, NamedRedisUrl, Namespace
from workers.commands.session import looking, refuse_empty, settings_from
from workers.errors import NotHeld, OnestoryError
from workers.models import models
from workers.placing.explain import check_model, compared, decisions, logged_fingerprint
from workers.render.evidence import evidence_panel
from workers.render.views import ArticleView
from workers.wording import cause

TITLE_CHARS = 200
"""A text file's first line is its title if it is no longer than this."""


@told
def explain(
    first: Annotated[str, typer.Argument(help="Article id, or file: JSON article or text.")],
    second: Annotated[str, typer.Argument(help="The other article, likewise.")],
    redis_url: NamedRedisUrl = None,
    namespace: Namespace = None,
    data_folder: NamedDataFolder = None,
    json_output: Annotated[
        bool, typer.Option("--json", help="Evidence as JSON, with both MinHash signatures.")
    ] = False,
) -> None:
    """Say why two articles are one story, or two."""
    fingerprinter, verifier = models(settings_from(redis_url, namespace, data_folder))
    decided: dict[str, str] = {}
    if Path(first).is_file() and Path(second).is_file():
        earlier, new = fingerprinter.fingerprints([_article(Path(first)), _article(Path(second))])
    else:
        with looking(redis_url, namespace, data_folder) as (redis, settings):
            check_model(redis, settings, fingerprinter)
            try:
                earlier, new = (
                    logged_fingerprint(redis, settings, name) for name in (first, second)
                )
                decided = decisions(redis, settings, (first, second))
            except NotHeld:
                refuse_empty(redis, settings)
                raise
    found = compared(earlier, new, fingerprinter, verifier)
    if json_output:
        told_of = {
            **found.evidence.model_dump(mode="json"),
            "minhash": _minhash(earlier, new),
            "decided": decided,
        }
        say_json(json.dumps(told_of, ensure_ascii=False, indent=2))
        return
    out.print(
        evidence_panel(
            found.evidence,
            new=_view(new),
            earlier=_view(earlier),
            relation=found.verdict.relation if found.joined else None,
            score=found.verdict.probability,
            decided=decided,
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
            return mended(Article.model_validate({"id": file.name, **value}))[0]
        head, _, body = text.strip().partition("\n")
        if len(head) > TITLE_CHARS:
            head, body = "", text
        return mended(Article(id=file.name, title=head, text=body))[0]
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        raise OnestoryError(
            f"{file}: {'.'.join(map(str, problem['loc']))} {cause(problem['msg'])}"
        ) from error


def _minhash(earlier: Fingerprint, new: Fingerprint) -> dict[str, Any]:
    """Both signatures as datasketch holds them, so that ``similarity.text`` can be checked.

    ``rows`` are hexadecimal, a byte a row; with ``seed``, ``scheme`` and ``b`` they make the
    ``bBitMinHash`` whose ``jaccard`` stands beside them (``service/fingerprints/sketch.py``).
    """
    from service.fingerprints.sketch import sketch

    one, other = sketch(earlier), sketch(new)
    return {
        "jaccard": one.jaccard(other),
        "seed": one.seed,
        "scheme": one.scheme,
        "b": one.b,
        "articles": [
            {"article_id": each.article_id, "rows": each.shingle_rows.tobytes().hex()}
            for each in (earlier, new)
        ],
    }


def _view(fingerprint: Fingerprint) -> ArticleView:
    return ArticleView(
        article_id=fingerprint.article_id,
        lang=fingerprint.lang,
        title=fingerprint.title,
        source=fingerprint.source,
    )
