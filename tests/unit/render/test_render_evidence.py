from collections.abc import Callable
from datetime import UTC, datetime

from contracts.events import Evidence, Model, Relation, Similarity
from workers.render.evidence import evidence_panel
from workers.render.views import ArticleView

MODEL = Model(version="2026.03", sha256="0123456789abcdef")
EVIDENCE = Evidence(
    summary="The same report in another language: shares Kotka, 214",
    similarity=Similarity(text=0.02, facts=0.5, meaning=0.8123, headline=1.0),
    shared=("Kotka", "214", "[bold]1998"),
    guards=(),
    thresholds={"join": 0.62, "merge": 0.8},
    candidates=7,
    model=MODEL,
)
NEW = ArticleView("a2", "ru", "Пожар на пароме", "Волна", datetime(2026, 3, 17, 5, 51, tzinfo=UTC))
EARLIER = ArticleView("a1", "en", "[red]Fire on ferry")


def test_a_match_shows_verdict_headlines_similarity_and_grounds(
    printed: Callable[..., str],
) -> None:
    panel = evidence_panel(
        EVIDENCE, new=NEW, earlier=EARLIER, relation=Relation.TRANSLATION, score=0.9951
    )

    assert (
        printed(panel)
        == """\
╭─ One story: translation, probability 0.99 ───────────────────────────────────╮
│ new      ru  Пожар на пароме                                                 │
│              a2 · Волна · 2026-03-17 05:51                                   │
│ earlier  en  [red]Fire on ferry                                              │
│              a1                                                              │
│                                                                              │
│ The same report in another language: shares Kotka, 214                       │
│                                                                              │
│ text      0.02  ····················  wording, by shingles                   │
│ facts     0.50  ██████████··········  names, numbers, dates                  │
│ meaning   0.81  ████████████████····  whole text, by embedding               │
│ headline  1.00  ████████████████████  title and lead, by embedding           │
│                                                                              │
│ shared      Kotka, 214, [bold]1998                                           │
│ guards      none spoke                                                       │
│ thresholds  join 0.62, merge 0.8                                             │
│ compared    7 earlier articles                                               │
│ model       2026.03 (0123456789abcdef)                                       │
╰──────────────────────────────────────────────────────────────────────────────╯"""
    )


def test_two_stories_name_the_guards_that_spoke(printed: Callable[..., str]) -> None:
    evidence = EVIDENCE.model_copy(update={"guards": ("numbers: 41.27 against 41.62", "dates")})

    shown = printed(
        evidence_panel(evidence, new=NEW, earlier=EARLIER, relation=None, score=0.31)
    ).splitlines()

    assert shown[0].startswith("╭─ Two stories, probability 0.31 ─")
    assert "│ guards      numbers: 41.27 against 41.62" in shown[-6]
    assert "│             dates" in shown[-5]


def test_an_article_that_nothing_came_near_is_a_story_of_its_own(
    printed: Callable[..., str],
) -> None:
    evidence = Evidence(summary="No earlier article is near", model=MODEL)

    shown = printed(evidence_panel(evidence, new=NEW, earlier=None, relation=None, score=None))

    assert shown.startswith("╭─ A story of its own ─")
    assert "earlier      nothing came near" in shown
    assert "wording" not in shown
