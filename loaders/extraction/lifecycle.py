"""How far along something is: the words that say so, and those that say it is not so at all."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from careatlas.loaders.extraction.text import depths

_ACTIVE = {
    "ended": r"no longer us(?:es?|ing)|stopped using|ceased (?:using|use of)|used to use|"
    r"(?:formerly|previously) used|(?:has |have )?(?:decommissioned|discontinued|withdrawn)",
    "paused": r"(?:has |have )?(?:paused|suspended)(?: (?:its |the )?use of)?",
    "trialling": r"(?:conduct|runn|carry|undertak|start|beginn)ing (?:out )?(?:an? )?(?:[\w-]+ ){0,2}"
    r"(?:pilot|trial)s?(?: (?:study|project|programme))?(?: of| with)?|"
    r"(?:started|begun|began|launched) (?:a )?(?:pilot(?:ing)?|trial(?:l?ing)?)(?: of| with)?|"
    r"pilot(?:ing|s)(?: of)?|(?:has|have) (?:piloted|trialled)|trial+ing|trials(?= [A-Z])|testing",
    "implementing": r"setting up|implementing|deploying|rolling out|installing|introducing|"
    r"onboarding|mobilising|preparing to go live with|in the process of (?:adopting|bringing in)",
    "exploring": r"(?:evaluation|assessment) of|(?:is |are )?(?:evaluating|reviewing|exploring|considering|assessing|"
    r"investigating|scoping|looking (?:at|into))(?: the use of| use of)?|explores|evaluates",
    "procured": r"(?:has|have) (?:(?:also|now|recently|since|just|already) )?(?:procured|purchased|bought|acquired)|"
    r"(?:has |have )?signed (?:a )?(?:contract|deal) (?:for|with)",
    "live": r"(?<!\d )(?<!k )(?<!m )uses(?= )|using|utili[sz](?:es|ing)|employs|relies on|"
    r"(?:we|they|staff|teams|clinicians) (?:(?:currently|now|also|all) )?use|(?:(?:has|have) )?(?:built|deployed|introduced|rolled out|adopted|implemented|launched|installed)|"
    r"(?:gone|went|going|is|are) live with|(?:started|begun|began) using|"
    r"early adopters?(?: (?:in|since) [\d/]+)? of|also (?:indicated|reported|mentioned)|"
    r"(?:has|have) in (?:clinical |routine )?use",
}
_PARTICIPLES = {
    "live": "used|in (?:\\w+ )?use|live|deployed|rolled out|installed",
    "trialling": "piloted|trialled|tested|on trial|under trial",
    "implementing": "implemented|set up|being installed|being rolled out|being deployed",
    "exploring": "evaluated|reviewed|explored|considered|under (?:evaluation|review)",
    "paused": "paused|suspended",
    "ended": "decommissioned|withdrawn|discontinued|no longer used",
    "procured": "procured|purchased|bought",
}
_NOTED = {
    "live": "live|use|deployed",
    "trialling": "pilot|trial|piloting|trialling",
    "exploring": "evaluation|under evaluation|under review",
    "paused": "paused",
}
"""What stands after a name and a colon."""
_BE = r"\b(?:is|are|was|were|has been|have been|been)\s+(?:(?:currently|now|also|being|actually|still|already|widely|not|yet|only)\s+)*"
_TRIGGER = re.compile(
    "|".join(f"(?P<a_{status}>\\b(?:{words})\\b)" for status, words in _ACTIVE.items())
    + "|"
    + "|".join(f"(?P<p_{status}>{_BE}(?:{words})\\b)" for status, words in _PARTICIPLES.items())
    + "".join(
        rf"|(?P<n_{status}>\s*[:\u2013-]\s+(?:currently |now |in )?(?:{words})(?=\s*(?:$|[.;,)])))"
        for status, words in _NOTED.items()
    )
    + r"|(?P<w_live>\b(?:went|gone) live\b)",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"\b(?:not|never|nor|neither|without|cannot|none|no|yet to)\b|n['\u2019]t\b", re.IGNORECASE
)
_PLAN = re.compile(
    r"\b(?:plan(?:s|ned|ning)? (?:to|for|on|a|an|its|the)\b|planned|hop(?:e|es|ing)|intend(?:s|ed|ing)?|aim(?:s|ing)?|will|would|could|may|might|"
    r"should|going to|expect(?:s|ed|ing)?|due to|looking to|wish(?:es)?|want(?:s)?|seek(?:s|ing)?|"
    r"propos(?:es|ed|al|ing)|bid(?:ding)?|once|subject to|next year|target(?:s|ing)?|ambition|"
    r"if|interested in|potential(?:ly)?)\b",
    re.IGNORECASE,
)
_RESEARCH = re.compile(
    r"\b(?:only|solely|just|purely)\b[^.;]{0,40}\b(?:research|study|studies)\b|"
    r"\bfor research (?:only|purposes)\b|\bresearch[- ]only\b",
    re.IGNORECASE,
)
_TRIAL = re.compile(
    r"\bon a trial basis\b|\bas (?:part of )?(?:a|an) (?:[\w-]+ )?(?:pilot|trial)\b|"
    r"\((?:[^)]*\b)?(?:pilot|trial|trialling|piloting)\b[^)]*\)|\bin pilot\b|\bon trial\b",
    re.IGNORECASE,
)
_NOT_YET = re.compile(
    r"\b(?:not yet|yet to be) (?:in use|used|live|gone live|started|deployed)\b", re.IGNORECASE
)
_ASIDE = re.compile(
    r"(?:^|(?<=[\s,]))(?:(?:and|but|also|is|are|has|have|had|been|being|was|were|they|it|we|who|then|"
    r"now|currently|actively|recently|since|not|yet|in the process of|the trust)\b[\s,]*)+$",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"[,\s]\s*(?:but|although|though|however|whereas|while|which|where|because|so that)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Statement:
    """A stretch that names things, and what is said of them; no status: nothing may be claimed."""

    start: int
    end: int
    status: str
    passive: bool
    anchor: int
    """Where the word stands that says so."""


def planned(text: str) -> bool:
    """Whether the words speak of a plan or a hope."""
    return bool(_PLAN.search(text))


def negated(text: str) -> bool:
    """Whether the words say no."""
    return bool(_NOT.search(text))


def qualified(status: str, said: str) -> str:
    """The status that a clause gives, with what it says further on."""
    if status == "live" and _RESEARCH.search(said):
        return "research-only"
    if status == "live" and _TRIAL.search(said):
        return "trialling"
    if status == "live" and _NOT_YET.search(said):
        return "implementing"
    return status


def statements(text: str, start: int, end: int) -> Iterator[Statement]:
    """What a sentence says of which of its stretches, in order."""
    depth = depths(text[start:end])
    triggers = [m for m in _TRIGGER.finditer(text, start, end) if not depth[m.start() - start]]
    before = start
    stated: Statement | None = None
    for match, after in zip_longest(triggers, triggers[1:]):
        kind, _, status = (match.lastgroup or "").partition("_")
        limit = after.start() if after else end
        if after and (after.lastgroup or "").startswith("a_"):
            limit = _shorter(text, match.end(), limit)
        prefix = text[before : match.start()]
        cut = list(_CUT.finditer(prefix))
        clause = re.split(r",\s", prefix[cut[-1].start() :] if cut else prefix)[-1]
        said = text[match.start() : _clause_end(text, match.end(), end)]
        if kind != "a":
            region = (before, _shorter(text, before, match.start()))
            no = bool(_NOT.search(match[0]))
            if no and stated and stated.passive and stated.status == "live":
                yield Statement(stated.start, stated.end, "deployed-not-used", True, match.start())
        else:
            region = (match.end(), min(_clause_end(text, match.end(), limit), limit))
            no = status != "ended" and bool(_NOT.search(clause[-40:]))
        if (
            no
            or (status not in {"ended", "exploring"} and planned(clause))
            or _denies(text, region)
        ):
            status = ""
        stated = Statement(*region, qualified(status, said), kind != "a", match.start())
        yield stated
        before = match.end() if kind == "a" else _clause_end(text, match.end(), limit)


def _denies(text: str, region: tuple[int, int]) -> bool:
    """Whether what is named begins with a "no": uses no such thing, no such thing is in use."""
    return bool(
        re.match(r"\s*(?:no|none|neither|nor)\b", text[region[0] : region[1]], re.IGNORECASE)
    )


def _shorter(text: str, start: int, end: int) -> int:
    aside = _ASIDE.search(text[start:end])
    return start + aside.start() if aside else end


def _clause_end(text: str, start: int, end: int) -> int:
    depth = depths(text[start:end])
    for match in _CUT.finditer(text, start, end):
        if not depth[match.start() - start]:
            return match.start()
    return end
