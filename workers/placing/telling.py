"""What an event says of an article that was placed, and the member that it is from then on."""

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.events import Evidence, Relation
from service.matching.evidence import evidence
from service.matching.verify import Verdict
from service.stories.decide import Bar, Decision, JoinStory, OpenStory
from service.stories.events import about
from service.stories.sources import origin, outlet
from service.stories.state import Candidate, Member
from workers.placing.context import Bond, Grounds, Prepared, View
from workers.state.answers import UNDECIDED

NEAR_MISS = 0.05
"""Least probability of an earlier article that a ``story.opened`` tells of: below it there is
nothing an editor could doubt, and the event stays small."""


def _grounds(verdict: Verdict) -> str:
    """The guard that vetoed a pair, or how likely it is."""
    return verdict.guards[0] if verdict.guards else f"probability {verdict.probability:.2f}"


@dataclass(frozen=True, slots=True)
class Told:
    """One article as its event tells it."""

    about: dict[str, object]
    """The fields of `Placement`."""
    member: Member
    compared: Candidate | None
    """What it was compared with, and quotes: it must still be there when this is told."""


@dataclass(frozen=True, slots=True)
class Telling:
    """Words one article's event."""

    grounds: Grounds
    item: Prepared
    view: View
    decision: Decision
    bound: Mapping[str, Bond]
    """By story id, what ties the article to it."""
    split_from: str | None = None
    """The story that its earlier version leaves."""
    stays: Member | None = None
    """Its earlier version, if that one's story goes on with it."""
    first: int = 0
    """Number of its first version."""

    def told(self) -> Told:
        """Evidence, match and member."""
        item, grounds = self.item, self.grounds
        lang = item.fingerprint.lang
        bond = self._bond()
        compared = self._compared(bond)
        joined = isinstance(self.decision, JoinStory)
        verdict = compared.verdict if compared else None
        earlier = grounds.window.fingerprint(compared.number) if compared else None
        relation: Relation | None = None
        if joined and verdict is not None:
            relation = Relation.REVISION if bond and bond.rule is None else verdict.relation
        why = evidence(
            item.fingerprint,
            earlier,
            verdict if earlier else None,
            joined=joined,
            candidates=len(item.candidates),
            verifier=grounds.verifier,
            model=grounds.fingerprinter.model,
        )
        said = about(
            item.article,
            lang,
            self._worded(why, bond),
            relation=relation,
            compared=compared,
            rule=bond.rule if bond else None,
            split_from=self.split_from,
            repaired=item.repaired,
        )
        return Told(said, self._member(lang, relation, compared, verdict), compared)

    def _bond(self) -> Bond | None:
        """What ties the article to the stories that it joins, if anything does."""
        ties = (self.bound.get(story.id) for story in self.decision.stories)
        return next((bond for bond in ties if bond is not None), None)

    def _compared(self, bond: Bond | None) -> Candidate | None:
        """The article that the event names: the bond's, the match, or what came nearest."""
        if bond is not None and (partner := self._partner(bond)):
            return partner
        if isinstance(self.decision, JoinStory):
            return self.decision.match.candidate if self.decision.match else None
        return self._near_miss()

    def _near_miss(self) -> Candidate | None:
        """The nearest article that was no match, if it is near, and still there."""
        best = next(
            (each for each in self.item.candidates if each.article_id != self.item.article.id), None
        )
        if best is None or best.probability < NEAR_MISS:
            return None
        place = self.view.place((best.article_id, best.number)).story_id
        return best if place not in ("", UNDECIDED) else None

    def _partner(self, bond: Bond) -> Candidate | None:
        """The partner that a rule or the feed names, compared with the article."""
        member = self.view.place((bond.article_id, None)).member
        fingerprint = self.grounds.window.fingerprint(member.number) if member else None
        if member is None or fingerprint is None:
            return None
        verdicts = self.grounds.verifier.verdicts([(self.item.fingerprint, fingerprint)])
        return Candidate(member.number, member.article_id, verdicts.probabilities[0], verdicts, 0)

    def _worded(self, why: Evidence, bond: Bond | None) -> Evidence:
        summary = why.summary
        if bond is not None and bond.rule is not None:
            command = self.grounds.rules.commands[bond.rule]
            summary = (
                f"Kept together with {bond.article_id} by rule {bond.rule} "
                f"({command.by}: {command.reason})"
            )
        elif bond is not None:
            summary = f"The feed says that it and {bond.article_id} are one item: {summary}"
        summary += self._decided()
        version = self.item.article.effective_version
        if self.stays is not None:
            summary = (
                f"Version {version} stays. {summary}"
                if why.similarity is not None or bond is not None
                else f"Version {version} of the article: nothing else to compare it with"
            )
        elif self.split_from is not None:
            summary = f"Version {version} no longer fits its story. {summary}"
        return why if summary == why.summary else why.model_copy(update={"summary": summary})

    def _decided(self) -> str:
        """What decided where others than the match had a say, with ids alone: an event is redacted
        when its article or its match is killed, not when a third one is.
        """
        decision, join = self.decision, self.grounds.thresholds.join
        if isinstance(decision, OpenStory):
            best = self._near_miss()
            unlike = decision.unlike
            if unlike is None or best is None or best.probability < join:
                return ""
            return f": above all {self._against(unlike.number)}"
        said = ""
        if decision.ballot is not None and decision.ballot.likely < decision.ballot.votes:
            said = f"; of {decision.ballot.votes} texts of its story {decision.ballot.likely} agree"
        return said + "".join(self._barred(bar) for bar in decision.bars)

    def _against(self, number: int) -> str:
        window = self.grounds.window
        earlier = window.fingerprint(number)
        if earlier is None:
            return "an article that is no longer held"
        (verdict,) = self.grounds.verifier.verdicts([(self.item.fingerprint, earlier)])
        return f"{window.article_id(number)} ({_grounds(verdict)})"

    def _barred(self, bar: Bar) -> str:
        why = "a rule says so"
        if bar.unlike is not None:
            why = f"beside {bar.unlike.article_id}, {_grounds(bar.unlike.verdict)}"
        return f"; story {bar.story.id} fits too, but the two are not one: {why}"

    def _member(
        self,
        lang: str,
        relation: Relation | None,
        compared: Candidate | None,
        verdict: Verdict | None,
    ) -> Member:
        item = self.item
        name = outlet(item.article.source)
        return Member(
            article_id=item.article.id,
            first=self.first or item.number,
            number=item.number,
            version=item.article.effective_version,
            lang=lang,
            origin=self._origin(name, relation, compared, verdict),
            outlet=name,
            event_ms=item.registered.event_ms,
        )

    def _origin(
        self,
        name: str,
        relation: Relation | None,
        compared: Candidate | None,
        verdict: Verdict | None,
    ) -> int:
        first = self.first or self.item.number
        if self.stays is not None:
            return self.stays.origin
        there = {story.id for story in self.decision.stories}
        if not there:
            return first
        places = (self.view.place((each.article_id, each.number)) for each in self.item.candidates)
        matched = (
            self.view.place((compared.article_id, compared.number)).member if compared else None
        )
        return origin(
            first,
            name,
            relation,
            verdict.similarity.text if verdict else 0.0,
            matched,
            (each.member for each in places if each.member and each.story_id in there),
        )
