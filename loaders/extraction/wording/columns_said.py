"""What the cells of a printed table say: how far along something is, and what was answered."""

import re
from dataclasses import dataclass

from careatlas.loaders.extraction.wording import lifecycle
from careatlas.loaders.extraction.wording.text import Span

_DENIED = re.compile(
    r"(?:no|none|nil|n|not (?:currently )?(?:used|using|in use)|does not use(?: (?:clinical )?ai)?|do not use(?: (?:clinical )?ai)?|no ai|no clinical ai|nothing)\b(?![/]| (?:response|reply|answer|information|data|record|figures|details?|comment))",
    re.IGNORECASE,
)
_SELF = re.compile(
    r"^(?:(?:the|this|our) trust|we|it)(?:,? (?:currently|at present|now))? (?=(?:do|does|use|uses|have|has|is|are|can|cannot|refuse\w*|decline\w*|currently)\b)",
    re.IGNORECASE,
)
"""Whoever answers, where the answer is a sentence."""
_SILENT = re.compile(
    r"(?:no (?:response|reply|answer)|did not (?:respond|reply|answer)|not (?:responded|replied|answered|received)|awaiting|outstanding|overdue|non-?respon\w+)",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"\b(?:refus\w+|declin\w+|withheld|exempt\w*|section \d+|s\.?\s?\d\d)\b", re.IGNORECASE
)
_UNABLE = re.compile(r"\b(?:unable|cannot|could not|not able)\b", re.IGNORECASE)
_YES = re.compile(
    r"(?:y|yes|uses?|used|using|confirmed|in use|live|pilot\w*|trial\w*|partial\w*)\b",
    re.IGNORECASE,
)
_STILL_TO_COME = re.compile(
    r"\b(?:plan(?:s|ned|ning)?|propos\w+|future|pipeline|intend\w*|intention|hop(?:e|es|ed|ing)|await\w*|due|expected|scheduled|to be|will|"
    r"business case|not yet|not (?:yet )?(?:started|in use|used|live|approved|funded|begun|proceeding)|next (?:year|month|phase)|cancel\w*|reject\w*|declined|shortlist\w*|"
    r"(?:pilot|trial)s? (?:agreed|approved|being (?:planned|designed|discussed))|pending|did not (?:proceed|go ahead|start)|does not (?:use|have)|do not (?:use|have)|never (?:used|started|bought)|unsuccessful|not (?:successful|progress\w*|taken up|adopted|bought|purchased)|subject to|"
    r"go[- ]?live (?:in|from|by|on|target|date)|target\w*|aim\w*|hopes?|from (?:spring|summer|autumn|winter) 20\d\d|"
    r"wish ?list|horizon|interested|desired|considered but|abandoned|not pursued)\b",
    re.IGNORECASE,
)
_UNSTARTED = re.compile(
    r"\b(?:not (?:yet |currently )?(?:live|in use|used|being used|started|switched on|operational|in clinical use)|yet to|await\w*|pending|before (?:go-?live|use))\b",
    re.IGNORECASE,
)
_STATES: tuple[tuple[str, str], ...] = (
    (
        "deployed-not-used",
        r"\b(?:installed|deployed|implemented|available|live|in place|bought|licen[cs]ed)\b.{0,20}\b(?:but|,)?\s*(?:not (?:actually |currently |now )?(?:in use|used|being used)|never used|unused|idle)|\b(?:installed|deployed|implemented|available|in place|bought|licen[cs]ed)\b,? but (?:now )?(?:switched|turned) off|\b(?:installed|deployed|implemented|available|live|in place|bought|licen[cs]ed|switched on)\b\W+(?:but |though |although |yet )?(?:nobody|no[ -]one|no (?:clinicians?|doctors?|staff|teams?|departments?|radiologists?|nurses?))(?: \w+)? (?:(?:is|are|has|have) (?:been )?)?(?:us(?:es?|ed|ing)|opens?|looks at)\b|\b(?:installed|deployed|implemented|available|in place|connected|switched on)\b\W+(?:\w+ )?(?:carries|carrying|sees|has|gets|with) (?:no|little or no) (?:traffic|users?|use|activity|patients|cases)\b|\bdormant\b|\bshelfware\b",
    ),
    (
        "ended",
        (
            r"\b(?:ended|stopped|ceased|decommission\w*|retired|discontinued|withdrawn|withdrew|no longer|terminated|expired|lapsed|formerly|(?:pilot|trial|evaluation|study|proof of concept)s? (?:is |was |now )?completed?|completed? (?:pilot|trial|evaluation)|concluded|finished|closed|historic\w*|"
            r"(?:switched|turned) off|dropped|given up|gave up|scrapped|removed|replaced|stood down|wound (?:up|down)|came to an end|come to an end|did not continue|not (?:continued|extended|renewed|taken (?:any )?further))\b"
        ),
    ),
    (
        "paused",
        r"\b(?:paused|pausing|suspended|on hold|halted|on pause|parked|in abeyance|mothballed|deferred|stalled|interrupted|temporarily (?:off|stopped|out of use))\b",
    ),
    ("research-only", r"\bresearch\b|\bstudy\b|\bclinical trial\b"),
    (
        "trialling",
        r"\b(?:pilot\w*|trial\w*|proofs? of (?:concept|value)|poc|testing|tested|under test|in test|on test|(?:shadow|silent)(?: mode| running| use)?|on loan|beta|being tried|trying(?: it)? out|tried out|feasibility)\b",
    ),
    (
        "implementing",
        (
            r"\b(?:go-?live (?:slipped|delayed|put back|moved|postponed)|implement(?:ing|ation(?! completed?\b))|set(?:ting)?[- ]?up|install(?:ing|ation(?! completed?\b))|roll(?:ing)?[- ]?out(?! completed?\b)|deploying|deployment (?:under ?way|in progress|started)|in progress|under ?way|onboarding|mobilis\w+|integration|integrating|going live|"
            r"configur\w+|commissioning|in build|build phase|training (?:of )?(?:staff|users)|staff training|user acceptance|uat|being (?:installed|implemented|set up|deployed|rolled out|configured|integrated|connected|introduced|put in|built))\b"
        ),
    ),
    (
        "exploring",
        (
            r"\b(?:evaluat\w+|exploring|exploratory|under (?:review|evaluation|consideration|assessment|discussion)|considering|being considered|assessing|scoping|reviewing|investigating|appraisal|appraising|in (?:discussions?|talks)|discussions?|"
            r"discovery|feasibility|market (?:engagement|testing)|looking (?:at|into)|out to tender|tendering|in tender|demonstrations?|options? paper|horizon scanning)\b"
        ),
    ),
    (
        "procured",
        r"\b(?:procured|purchased|bought|acquired|contract (?:signed|awarded|let|in place|agreed)|licen[cs]es? (?:signed|bought|in place)|on order|ordered|order placed|awarded|supplier (?:selected|appointed))\b",
    ),
    (
        "live",
        (
            r"\b(?:(?<!go-)(?<!go )live|in (?:(?:routine|clinical|daily|full|regular|everyday|active|constant|operational|widespread) )*(?:use|operation|practice)|in (?:clinical )?service|operational|deployed|used|using|uses|routine(?:ly)?|business as usual|bau|embedded|active|"
            r"fully (?:rolled out|implemented|deployed)|rolled out|roll-?out completed?|(?:implementation|deployment|installation) completed?|implemented|installed|yes|y|current|established|up and running|running|switched on|in place|adopted|introduced|continues|relied on)\b"
        ),
    ),
)
_NOW = re.compile(
    r"(?:\b(?:now|then|since|subsequently|followed by|moved (?:in)?to)\b|[;,.:\u2013\u2014>]|->|\u2192)\W*(?:now |is |in |fully |been |went |gone |moved (?:in)?to )*"
    r"(?:(?<!go-)(?<!go )live|in (?:(?:routine|clinical|daily|full|regular|everyday) )*use|routine use|operational|business as usual|bau|embedded|rolled out|adopted|used)\b(?! (?:date|in 20))",
    re.IGNORECASE,
)
"""What says, after what something was, that it is in use now."""
_WIDER = re.compile(
    r"\b(?:renew\w*|extension|extend\w*|expan\w*|wider|further|second|third|other|another|additional|additional|next (?:phase|site|step|module)|more|re-?tender\w*|"
    r"review\w*|upgrade\w*|new version|contract|licen[cs]e|replac\w*|community|remaining|rest of|all sites|sites?|roll-?out|phase (?:2|two|3|three)|version \d|v\d|new|audit|evaluation|retire\w*|decommission\w*|end of life)\b",
    re.IGNORECASE,
)
"""What is to come for something that is in use already."""
_LIMITED = re.compile(
    r"not (?:for|at|on|across|during|by|everywhere|all)\b(?! (?:present|the moment|this time|hold))",
    re.IGNORECASE,
)
"""What says of something in use where it is not."""
_BECAUSE = re.compile(
    r"\b(?:until|while|whilst|because|due to|owing to|following|after|so that|as (?:the|a|its|we|it))\b",
    re.IGNORECASE,
)
_EVER_SINCE = re.compile(
    r"\W*(?:now )?(?:in (?:\w+ )?use|live|used|running)\b[^.;,]{0,40}?\bsince (?:the|its) (?:[\w-]+ )?(?:pilot|trial|evaluation)\b",
    re.IGNORECASE,
)
"""What says that something is used from the end of a trial on."""
_UNBEGUN = re.compile(
    r"\b(?:start date|to (?:start|begin)|start(?:s|ing)? (?:in|on|from|date)|begins? (?:in|on)|not (?:yet )?(?:begun|started)|date (?:to be|tbc))\b",
    re.IGNORECASE,
)
"""What says that something agreed has still to begin."""
_UNMADE = re.compile(
    r"\b(?:orders?|bids?|applications?|requests?|offers?|proposals?|business case|tenders?|plans?)\b[^.;,]{0,40}\b(?:withdrawn|withdrew|dropped|lapsed|expired|abandoned|cancelled|rejected|turned down|refused|fell through)\b",
    re.IGNORECASE,
)
"""What is over there is what somebody asked for, and nothing came of it."""
_FOR_NOW = re.compile(
    r"\b(?:off|out of (?:use|action|service|order)|down|stopped|withdrawn)\b[^.;,]{0,25}\b(?:for (?:now|the (?:time being|moment|present))|until further notice|until (?:it|its|the|an?|this|that|we|they)\b|pending\b)|"
    r"\btemporarily (?:switched|turned|taken|stood|withdrawn|off|out|down|stopped|not)\b",
    re.IGNORECASE,
)
"""What says that something is not over, though it is not used now."""
_IF = re.compile(r"\b(?:when|once|if|unless)\b", re.IGNORECASE)
_ASIDE = re.compile(
    r"[,;(]\s*(?:this )?(?:action|item|risk|issue|case) (?:is |now )?(?:closed|completed?|done)\b\)?",
    re.IGNORECASE,
)
"""What is over there is the item of the list, not what it is about."""
_CLAUSE = re.compile(
    r"\s*(?:[;.](?=\s|$)|,|\bbut\b|\bwith\b|\band\b|\s[\u2013\u2014-]\s|\()\s*", re.IGNORECASE
)
_EMPTY = re.compile(
    r"[\W_]*(?:n/?a|none|nil|not (?:applicable|known|stated|recorded|held|available|provided)|unknown|tbc|no data|nothing|no)?[\W_]*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Cell:
    """A cell of a row by place in the text of its passage."""

    span: Span
    said: str

    @property
    def empty(self) -> bool:
        """Whether it says nothing, or that there is nothing to say."""
        return bool(_EMPTY.fullmatch(self.said))


def cells(text: str) -> list[Cell]:
    """The cells of a row as it is printed, with a bar between them."""
    found, at = [], 0
    inner = text.strip()
    marked = inner.startswith("|") and inner.endswith("|") and len(inner) > 1
    parts = text.split("|")
    for part in parts:
        left = len(part) - len(part.lstrip())
        said = part.strip()
        found.append(
            Cell(Span(at + left, at + left + len(said)), " ".join(said.replace("*", " ").split()))
        )
        at += len(part) + 1
    return found[1:-1] if marked else found


def status(said: str) -> str | None:
    """The status that a cell says: empty where it says that there is no use, none where no word is known.

    >>> status("Live; roll-out to a second site planned"), status("Installed, not yet live")
    ('live', 'implementing')
    """
    plain = _ASIDE.sub("", said.strip())
    if not plain:
        return None
    if re.search(_STATES[0][1], plain, re.IGNORECASE):
        return "deployed-not-used"
    clauses = [clause for clause in _CLAUSE.split(plain) if clause and clause.strip()]
    return _joined(plain, clauses) if len(clauses) > 1 else _one(plain)


def _joined(plain: str, clauses: list[str]) -> str | None:
    """The status of a cell of several clauses: the first counts, unless the others take it back."""
    states = [_one(clause) for clause in clauses]
    known = [state for state in states if state is not None]
    if not known:
        return _one(plain)
    if known[0] == "live":
        later = [
            clause
            for clause in clauses[1:]
            if not _LIMITED.match(clause)
            and (_STILL_TO_COME.search(clause) or lifecycle.negated(clause))
        ]
        if any(not _WIDER.search(clause) for clause in later):
            return "implementing" if _UNSTARTED.search(plain) else ""
        return next(
            (
                state
                for state in known
                if state in {"research-only", "trialling", "paused", "ended"}
            ),
            "live",
        )
    if (
        known[0] in {"ended", "trialling", "implementing", "procured", "exploring", "paused"}
        and _NOW.search(plain)
        and not _STILL_TO_COME.search(plain)
    ):
        return "live"
    if known[0] in {"trialling", "implementing"} and any(_UNBEGUN.search(c) for c in clauses[1:]):
        return ""
    return "ended" if known[0] == "trialling" and "ended" in known else known[0]


def _one(plain: str) -> str | None:
    """The status of one clause, by its main part where that says one."""
    if _UNMADE.search(plain) or _FOR_NOW.search(plain):
        return "" if _UNMADE.search(plain) else "paused"
    if (condition := _IF.search(plain)) and (state := _one(plain[: condition.start()])):
        return "" if state == "live" else state
    main = "live" if _EVER_SINCE.match(plain) else _BECAUSE.split(plain, maxsplit=1)[0]
    if main != plain and main.strip() and (state := _one(main)):
        return state
    if _STILL_TO_COME.search(plain):
        coming = re.search(dict(_STATES)["implementing"], plain, re.IGNORECASE)
        barred = re.search(r"\bplan|propos|cancel|reject|business case", plain, re.IGNORECASE)
        return "implementing" if coming and not barred else ""
    for code, words in _STATES[1:]:
        if (match := re.search(words, plain, re.IGNORECASE)) and (
            code == "ended" or not lifecycle.negated(plain[: match.start()])
        ):
            return code
    return "" if lifecycle.negated(plain) else None


def answer(said: str) -> tuple[str, str, str]:
    """What an answer says: the answer, its detail, and the exemption; empty where no word is known."""
    plain = _SELF.sub("", said.strip(" ."))
    number = re.search(r"\bs(?:ection|\.)?\s?(\d\d)", plain, re.IGNORECASE)
    if _SILENT.match(plain):
        return "no-response", "", ""
    if _REFUSED.search(plain):
        return "uses", "refused", f"s{number[1]}" if number else ""
    if _UNABLE.search(plain):
        return "uses", "unable-to-specify", ""
    if _DENIED.match(plain):
        return "denies", "", ""
    return ("uses", "", "") if _YES.match(plain) else ("", "", "")


_OF_REQUEST = re.compile(
    r"^\W*y(?:es)?\b|\b(?:withh[eo]ld|exempt\w*|section \d+|names?|which|say|tell|specify|disclose|information)\b",
    re.IGNORECASE,
)
_NO_REPLY = re.compile(
    r"(?:still )?(?:no (?:response|reply|answer)|(?:did|has|have) not (?:yet )?(?:respond|repl|answer)\w*|(?:never|not(?: yet)?) (?:responded|replied|answered)|non-?respon\w+)\b"
    r"(?: (?:yet|received|at all|so far|to date|given|by|as at|as of)\b.{0,25})?",
    re.IGNORECASE,
)
_PLAIN_NO = re.compile(r"\W*(?:no|none|nil|does not use ai|no ai(?: \w+)?)\W*", re.IGNORECASE)


def reply(said: str) -> tuple[str, str, str]:
    """What a cell of another column says was answered to a request; empty where it says no such thing.

    >>> reply("no reply"), reply("yes, but names withheld")[:2], reply("declined the offer")[0]
    (('no-response', '', ''), ('uses', 'refused'), '')
    """
    plain = said.strip(" .()")
    if _NO_REPLY.fullmatch(plain):
        return "no-response", "", ""
    found = answer(plain)
    if found[1]:
        return found if _OF_REQUEST.search(plain) else ("", "", "")
    return found if _PLAIN_NO.fullmatch(plain) else ("", "", "")
