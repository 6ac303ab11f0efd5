"""How far along something is: the words that say so, and those that say it is not so at all."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from careatlas.loaders.extraction.wording.qualifying import judges, qualified, tried, without_powers
from careatlas.loaders.extraction.wording.stages import TRIGGER
from careatlas.loaders.extraction.wording.text import depths

_NOT = re.compile(
    r"\b(?:not|never|nor|neither|without|cannot|none|nobody|no|yet to|deni(?:ed|es)|den(?:y|ying)|rul(?:ed|ing) out|"
    r"nowhere near|decided against|opted against|refrain(?:s|ed|ing)? from|abstain(?:s|ed|ing)? from|avoid(?:s|ed|ing)?|resist(?:s|ed|ing)?|shied away from|held (?:off|back)|holding (?:off|back)|(?:ban|barr|forbid|forbad|prohibit|prevent|stopp|dissuad|discourag|keep|kept|block)\w*(?: [\w'\u2019-]+){0,3} from|(?:advised|warned) against|reject(?:ed|ing)|declin(?:ed|es|ing)|stopped short of|instead of|rather than|"
    r"far from|unlike|fail(?:ed|s) to)\b|n['\u2019]t\b",
    re.IGNORECASE,
)
_PLAN = re.compile(
    r"\b(?:(?<!\d )(?<!treatment )plan(?:s|ned|ning)? (?:to|for|on|an?(?! (?:day|week|month|year|night)\b)|its|the)\b|planned|hop(?:e|es|ed|ing)|intend(?:s|ed|ing)?|aim(?:s|ed|ing)?|sought|will|would|could|(?-i:may)|might|"
    r"should|going to|expect(?:s|ed|ing)?|due to|looking to|wish(?:es|ed)?|want(?:s|ed)?|seek(?:s|ing)?|"
    r"propos(?:es|ed|al|ing)|bid(?:ding)?|once|subject to|next year|target(?:s|ing)?|ambition|"
    r"if|unless|until|when|whether|provided that|assuming|interested in|potential(?:ly)?|set to|(?:is|are|was|were) to|"
    r"scheduled|(?:ready|about|ahead|agreed|approved|working|moving|prepar\w+) (?:to|of|towards?|for)|in talks|"
    r"business case|approv(?:ed|es|al|ing) (?:of |for )?(?:the |its |an? |their )?(?:\w+ )?(?:purchase|procurement|plan|bid|pilot|trial|adoption|introduction|roll-?out)|option of|possib(?:le|ly|ility)|in future|suggest(?:s|ed)?|recommend(?:s|ed)? that|"
    r"call(?:s|ed)? for|urg(?:es|ed|ing)|rumou?red|alleged(?:ly)?|supposed(?:ly)?|apparently|presumably|probably|reputed(?:ly)?|perhaps|in (?:theory|principle)|on paper|notionally|"
    r"on the (?:verge|brink|point|cusp|eve) of|(?:away from|way off|short of|close to|nearer to|about to|far off)(?=\s*$)|"
    r"(?:is|are) (?:believed|thought|said|likely|tipped) to|(?:ask|press|beg|invit|persuad|encourag|implor|petition|tell|challeng|requir|lobb)(?:e?s|i?e?d|ing) (?:[\w'\u2019-]+ ){1,6}?to|"
    r"(?<!found )(?<!known )(?<!shown )to (?:begin|start|resume|try|keep|be|avoid|consider)(?=\s*$))\b",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"\b(?:(?:later|early|some time) (?:this|next) year|(?:from|in|by|at|over|during) (?:the )?"
    r"(?:next|coming|following|end of)\b|next (?:year|month|week|spring|summer|autumn|winter|quarter)|"
    r"from (?:\w+ )?20(?:2[7-9]|[3-9]\d)|in due course|in (?:the )?(?:near )?future|soon|"
    r"by (?:the end of |early |mid-?|late )?(?:\w+ )?20\d\d)\b",
    re.IGNORECASE,
)
"""What says after a word that it is still to come."""
_OVER = re.compile(
    r"^\W*(?:was|were)\b(?![^.;]*\b(?!(?:19|20)\d\d\b)\d[\d,]*\s+[a-z])[^.;]*\b(?:until|between (?:\w+ )?20\d\d and|from (?:\w+ )?20\d\d to)\b",
    re.IGNORECASE,
)
_WHICH_IS = re.compile(r"(?:,|\band|:|;)\s*((?:(?!\band\b)[^,:;])+),\s*which\s+\Z")
"""One thing alone is meant by "which is", whatever is listed before it."""
_NONE = re.compile(
    r"\W*(?:none|neither|nobody|no one|nor|not one|no (?:trust|hospital|site|unit|department)s?)\b",
    re.IGNORECASE,
)
_TRIED = re.compile(
    r"^[^.;]{0,60}?\b(?:between\b[^.;]*\band\b|until\b|from \w+ (?:20\d\d )?to\b)|"
    r"^[^.;]{0,80}\b(?:but|and|then)\b[^.;]{0,40}\b(?:not to|did not|decided against|dropped|stopped|ended|no further|not taken)\b",
    re.IGNORECASE,
)
"""What says that a trial is over."""
_AT_SHOW = re.compile(
    r"\b(?:on paper only|only on paper|in name only|(?:demonstration|demo) (?:room|suite|lab)|saw (?=[^.;]{2,50}? in (?:use|action)))\b|\b(?:was|were|been|being|had) (?:\w+ )?(?:demonstrated|demoed|shown|presented|pitched|marketed)\b|\b(?:demonstration|demo|presentation|pitch|quote|quotation) (?:of|for|from|by)\b|\bat (?:an?|the|its|their|last \w+['\u2019]s) (?:[\w-]+ ){0,3}(?:conference|trade fair|exhibition|demonstration|workshop|seminar|webinar|open day|trade show|congress)\b",
    re.IGNORECASE,
)
"""Where something is only shown."""
_IF = re.compile(
    r"\W*(?:(?:and|but|even|only) )?(?:if(?! (?:so|yes|anything|not|only)\b)|unless|should(?= [\w ]{2,40}? be\b| (?:it|they|we|the|that|this|all|approval|funding)\b)|were(?= [^,]{2,60},)|provided|providing|assuming|subject to|"
    r"depending on|in the event|as soon as|pending|given (?:approval|funding))\b",
    re.IGNORECASE,
)
"""How a sentence begins that says on what condition something would be so."""
_NOT_BEEN = re.compile(
    r"\b(?:(?:has|have|had|is|are|was|were) (?:not|never)|(?:has|have|had|is|are|was|were)n['\u2019]t|yet to|not yet|not|never)"
    r"(?: (?:yet|ever|actually|currently|so far|fully|as yet|in fact|itself))*\s*$|\b(?:nothing|nobody|none|neither)(?: (?:of (?:it|them)|yet|so far))*\s*$",
    re.IGNORECASE,
)
"""What says, right before "been" and a participle, that it is not so."""
_ENDS = re.compile(r"\bno longer\b|\bnot renewed\b", re.IGNORECASE)
"""A "no" that says that something ended, not that it did not."""
_THIS = re.compile(
    r"\W*(?:and |but )?(?:this|that|it|this one|this too|(?:the|this|that) (?:same )?(?:tool|software|system|product|program|algorithm|app|application|scribe))\W*",
    re.IGNORECASE,
)
"""What means the thing that was named last."""
_THIS_ONE = re.compile(
    r"\s*(?:this|it|that one|this one|them)\b(?! [a-z]+(?:tool|system|product)\b)", re.IGNORECASE
)
_THERE_IT = re.compile(r"\s*(?:At|In|For) [^,;:]{3,80}\s(?:it|this)\s*")
"""What was named last, somewhere: "At Ash it is in use"."""
_MEANT = {"idle": "deployed-not-used", "lapsed": "ended", "over": "ended", "which_live": "live"}
"""What words of their own give a status that others give too."""
_FORWARD, _OF_PRODUCTS = frozenset("ak"), frozenset("kr")
"""Words after which things are named, and words that are said of products alone."""
_BEING = re.compile(
    r"\bbeing\s+(?:\w+\s+)*(?:installed|deployed|rolled out|introduced|launched|switched on|brought into use)$",
    re.IGNORECASE,
)
_PUT = re.compile(r"\b(?:installed|deployed|introduced|implemented|built)\b", re.IGNORECASE)
_THEN = re.compile(
    r"[^.;]{0,60}?\b(?:and|but|with)\b[^.;]{0,30}?\b(?:expects?|plans?|hopes?|aims?|due|will|scheduled|expected|planned)\b[^.;]{0,30}?"
    r"\b(?:go(?:es)? live|go-live|start(?:s|ed)? (?:to use|using)|(?:be )?in use|switch(?:ed)? (?:it )?on|first patients)\b",
    re.IGNORECASE,
)
"""What says that something that is there is to be used only later."""
_DONE = re.compile(
    r"\b(?:been|was|were)\b(?!.*\bbeing\b).*\b(?:implemented|set up)$", re.IGNORECASE
)
_UNUSED = re.compile(
    r"[^.;]{0,80}?\b(?:but|although|though|however|yet|while)\b[^.;]{0,40}?\b(?:is|are|was|were|has|have)\s+(?:not|never)\s+"
    r"(?:(?:yet|actually|currently|been|being)\s+)*(?:in (?:\w+ )?use|used|live|switched on)|"
    r"[^.;]{0,60}?\b(?:but|although|though)\b[^.;]{0,40}?\b(?:still )?not (?:yet |currently |actually )?(?:in (?:\w+ )?use|being used|used|switched on)\b|"
    r"[^.;]{0,80}?\b(?:but|although|though|yet)\b[^.;]{0,20}?\bnever (?:been |actually )?(?:in use|used|live|switched on|started)|"
    r"[^.;]{0,80}?\b(?:but|although|though|yet|and)\b[^.;]{0,20}?\b(?:nobody|no one|no (?:clinician|doctor|radiologist|staff)s?)\b[^.;]{0,20}?\buse[sd]?\b",
    re.IGNORECASE,
)
"""What takes back, in the same sentence, that something is in use."""
_SAYS = re.compile(
    r"\band that\s+|\b(?:reported|reports|said|says|confirmed|noted|stated|advised|announced|explained|added|say|told [\w ]{2,20}?|claims?|claimed)\s+that\s+|"
    r"\b(?:reported|said|says|stated)\s+|:\s+(?=\S)",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"(?:^|(?<=[\s,]))(?:(?:and|but|also|is|are|has|have|had|been|being|was|were|they|it|we|who|then|"
    r"now|currently|actively|recently|since|not|yet|in the process of|the trust)\b[\s,]*)+$",
    re.IGNORECASE,
)
_FORMERLY = re.compile(
    r"\W*(?:before (?:the|its|our|that) merger|prior to (?:the|its|our) merger|in the past|formerly|previously|at one time|once upon a time|historically|years ago|"
    r"until (?:recently|then|last (?:year|month|week|spring|summer|autumn|winter)|(?:\w+ )?20\d\d))\b",
    re.IGNORECASE,
)
"""How a sentence begins that tells of what was."""
_TOOL_THAT = re.compile(
    r"\b(?:software|tools?|systems?|program(?:me)?s?|algorithms?|apps?|applications?|technology|technologies|packages?|AI) (?:that|which)\s+$",
    re.IGNORECASE,
)
"""What describes a thing that has no name says nothing of who has it."""
_CUT = re.compile(
    r"[,\s]\s*(?:but|although|though|however|whereas|while|which|where|because|so that|instead of|rather than|in place of|as opposed to|over(?= (?-i:[A-Z])))\b|"
    r",\s*(?:having|without|despite|not|rejecting|turning down|passing over|except|apart from|other than|save for)\b",
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
    bare: bool = False
    """Whether the words need no name: what is meant was named before."""
    known: bool = False
    """Whether the words say so of products alone, so that what no catalogue knows is none."""


def planned(text: str) -> bool:
    """Whether the words speak of a plan or a hope."""
    return bool(_PLAN.search(text))


def negated(text: str) -> bool:
    """Whether the words say no."""
    return bool(_NOT.search(text))


def later(text: str) -> bool:
    """Whether the words put something into the time to come."""
    return bool(_LATER.search(text))


def formerly(text: str) -> bool:
    """Whether a sentence begins by saying that it tells of what was."""
    return bool(_FORMERLY.match(text))


def shown(text: str) -> bool:
    """Whether the words speak of a fair or a demonstration, where nothing is used."""
    return bool(_AT_SHOW.search(text))


def statements(text: str, start: int, end: int) -> Iterator[Statement]:
    """What a sentence says of which of its stretches, in order."""
    depth = depths(text[start:end])
    triggers = [
        m
        for m in TRIGGER.finditer(text, start, end)
        if not depth[m.start() - start]
        and not (m.lastgroup == "r_live" and _TOOL_THAT.search(text, start, m.start()))
    ]
    before = start
    stated: Statement | None = None
    for match, after in zip_longest(triggers, triggers[1:]):
        kind, _, status = (match.lastgroup or "").partition("_")
        status = status.lstrip("_").removeprefix("heads_")
        status = _MEANT.get(status, status)
        status = status if status != "same" else stated.status if stated else ""
        limit = after.start() if after else end
        if after and (after.lastgroup or "")[:2] in {"a_", "k_"}:
            limit = _shorter(text, match.end(), limit)
        prefix = text[before : match.start()]
        cut = list(_CUT.finditer(prefix))
        clause = re.split(r"[,:]\s", prefix[cut[-1].start() :] if cut else prefix)[-1]
        clause = clause if kind in _FORWARD else without_powers(clause)
        said = text[match.start() : _clause_end(text, match.end(), end)]
        if kind not in _FORWARD:
            region = (_told(text, before, match.start()), _shorter(text, before, match.start()))
            if only := _WHICH_IS.search(text, region[0], match.start()):
                region = (only.start(1), region[1])
            if region[1] <= region[0]:
                # Nothing but "it" or "they": whoever reads it knows what was named last.
                region = (region[0], match.start())
            no = bool(_NOT.search(_ENDS.sub("", match[0])) or _NOT_BEEN.search(prefix))
            if no and stated and stated.passive and stated.status == "live":
                yield Statement(stated.start, stated.end, "deployed-not-used", True, match.start())
        else:
            region = (match.end(), min(_clause_end(text, match.end(), limit), limit))
            no = status != "ended" and bool(_NOT.search(clause[-40:]))
        once = status == "live" and _FORMERLY.match(text, start)
        none = status != "ended" and bool(_NONE.match(text, start) or _IF.match(text, start))
        using = match[0].casefold() in {"using", "utilising", "utilizing"}
        means = using and judges(clause)
        trying = tried(text[start : match.start()], text[match.end() : end]) if using else None
        status = status if trying is None else trying
        if no or none or means or _plan(status, clause) or _denies(text, region):
            status = ""
        status = "ended" if once and status else status
        status = _settled(status, kind, match[0], said, text[match.end() : end])
        passive = kind not in _FORWARD
        stated = Statement(
            *region,
            qualified(status, said),
            passive,
            match.start(),
            bare=kind == "w"
            or bool((_THIS.fullmatch if passive else _THIS_ONE.match)(text, *region))
            or (passive and bool(_THERE_IT.fullmatch(text, region[0], match.start()))),
            known=kind in _OF_PRODUCTS,
        )
        yield stated
        before = match.end() if kind in _FORWARD else _clause_end(text, match.end(), limit)


def _plan(status: str, clause: str) -> bool:
    """Whether what is said is only planned; an end and a look at something are none."""
    return status not in {"ended", "exploring"} and planned(clause)


def _settled(status: str, kind: str, word: str, said: str, after: str) -> str:
    """The status that a word gives, with what the words around it make of it."""
    unreal = _LATER.search(_run(said)) or shown(said)
    if unreal and status not in {"", "ended", "exploring", "implementing"}:
        return ""
    if status == "implementing" and kind == "p" and _DONE.search(word):
        status = "live"
    if status == "trialling" and re.match(r"\W*(?:was|were)\b", word) and _TRIED.search(after):
        return "ended"
    if status != "live":
        return status
    if _OVER.search(said):
        return "ended"
    if idle := _UNUSED.match(after):
        return (
            "implementing" if re.search(r"\bnot yet\b|\byet to\b", idle[0]) else "deployed-not-used"
        )
    coming = _THEN.match(after) and _PUT.search(word)
    return "implementing" if coming or (kind == "p" and _BEING.search(word)) else status


def _told(text: str, start: int, end: int) -> int:
    """Where what is said begins, after who says it."""
    says = list(_SAYS.finditer(text, start, end))
    return says[-1].end() if says else start


def _run(said: str) -> str:
    """The words up to where something else may begin."""
    return re.split(r"[,;()]|\s(?:and|but|which|after|before|since|as)\s", said, maxsplit=1)[0]


def _denies(text: str, region: tuple[int, int]) -> bool:
    """Whether what is named begins with a "no": uses no such thing, no such thing is in use."""
    return bool(
        re.match(
            r"[\s,]*(?:(?:and|but|so far|as yet)[\s,]+)*(?:no|none|neither|nor|nothing|nobody)\b",
            text[region[0] : region[1]],
            re.IGNORECASE,
        )
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
