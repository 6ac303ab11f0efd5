"""What a column of a table holds, by the words of its head: a term, or a whole question."""

import re
from collections.abc import Iterable

_HEADS = {
    "trust": r"(?:nhs )?(?:foundation )?(?:trusts?|organisations?|hospitals?|providers?|bod(?:y|ies)|respondents?|sites? and trust)(?: names?)?|"
    r"names? of (?:the )?(?:trust|organisation|provider|hospital)|(?:nhs )?trust name",
    "answer": r"(?:do(?:es)? (?:you|the trust|it) )?(?:currently )?us(?:es?|ing|age of) (?:of )?(?:any )?(?:clinical )?ai(?: tools?| systems?)?|ai(?: in)? use|uses? ai|"
    r"(?:the )?(?:answer|response|reply|outcome|result)s?(?: (?:given|received|type|to q(?:uestion )?\d))?|ai (?:used|in use|deployed)|in use",
    "product": r"(?:(?:current|existing|deployed|live|named|clinical|approved|main|all) )*(?:ai )?(?:products?|systems?|tools?|software|technolog(?:y|ies)|solutions?|applications?|platforms?|algorithms?)(?: (?:names?|used|in use|and version|/ ?\w+))*"
    r"(?:(?:,| and| &| with|/|,? or) ?(?:their |its |the )?(?:current )?(?:state|status|stage|suppliers?|vendors?|makers?|purpose|use|progress|position|what (?:it is|they are) for))*|"
    r"names? of (?:the )?(?:ai )?(?:product|system|tool|software|solution|application|technology)s?|which (?:product|system|tool)s?|what is used|ai",
    "vendor": r"(?:ai )?(?:suppliers?|vendors?|compan(?:y|ies)|manufacturers?|developers?|makers?|provider)(?: names?)?|names? of (?:the )?(?:supplier|vendor|company|manufacturer|developer)|"
    r"(?:supplied|made|developed|provided) by|made by",
    "status": r"(?:current |live |deployment |project |implementation )?(?:status|stage|state|phase|position|maturity)(?: of \w+)*|how far along|live\??|where (?:it|things) stands?",
    "usage": r"(?:[\w()£-]+ ){0,4}?(?:volumes?|usage|uses|scans|patients|cases|studies|images|examinations|exams|x-?rays|mammograms|procedures|consultations|"
    r"plans|times used|how (?:often|many|much)|activity|number used|frequency|analyses)(?:\b.{0,40})?|how often\b.{0,30}|number of\b.{0,40}",
    "route": r"(?:procurement )?routes?(?: to (?:market|purchase))?|procur(?:ed|ement)(?: (?:via|through|by|route|method|framework|under))?|(?:bought|purchased|acquired|obtained|sourced|commissioned|contracted|funded|got|came)(?: (?:via|through|by|from|under))?|"
    r"how (?:it was |was it |it came |the trust )?(?:procured|bought|purchased|acquired|obtained|got|came about)(?: it)?|frameworks?|how obtained",
    "description": r"(?:clinical )?(?:use|purpose|use case|application area|function|task|area|what (?:it is|is it) (?:used )?for|what (?:it|the product|the tool|the system|the software) does|used for|pathway|description)s?(?: of (?:use|tool|system))?|what for",
    "specialty": r"(?:clinical )?(?:speciality|specialty|sub-?special(?:i)?ty|department|service|directorate|specialism)(?: area)?",
    "modality": r"(?:imaging )?modalit(?:y|ies)",
    "since": r"(?:date )?(?:of )?first (?:used?|live|installed)(?: on)?|(?:in use |live |used |start(?:ed)? |implemented )?(?:since|from|start(?:ed)?(?: date)?|go-?live(?: date)?|date (?:of )?(?:go-?live|started|deployed|introduced|implemented|installed)|live (?:since|from|date)|implemented|introduced)",
    "until": r"to|until|(?:date )?(?:ended|stopped|withdrawn)(?: on)?|in use (?:to|until)",
    "period": r"(?:reporting |financial |time )?(?:periods?|years?|dates)(?: covered)?|(?:over|for|in|during|covering) (?:what|which) (?:time|period|years?|dates)|time ?(?:frame|span)",
    "period_from": r"(?:reporting |usage )?(?:periods?|figures|volumes?|data|counted) (?:from|starts?|begins?|start date)|(?:start|first day|beginning) of (?:the )?(?:reporting )?period",
    "period_to": r"(?:reporting |usage )?(?:periods?|figures|volumes?|data|counted) (?:to|until|ends?|end date)|(?:end|last day) of (?:the )?(?:reporting )?period",
    "per": r"per|per (?:what|which)(?: time)?|time unit",
    "unit": r"units?(?: of (?:measure|activity))?|measure|counted (?:in|as)|what is counted",
    "site": r"(?:hospital )?(?:sites?|locations?|where(?: used)?)",
    "ods": r"(?:ods|organisation|trust|org\.?) ?codes?|ods",
    "note": r"(?:notes?|comments?|remarks?|further information|other information|additional information|details?)",
}
_OTHER = re.compile(
    r"\W*(?:(?:our |your |file |foi |case )?(?:refs?\.?|reference)(?: (?:no\.?|number|code))?|no\.?|#|ids?|row|(?:clinical |executive |project |trust |system )?(?:leads?|owners?|contacts?|sponsors?)|sro|"
    r"responsible.{0,30}|e-?mail(?: address)?|phone|(?:annual |total |contract |capital )*(?:costs?|prices?|values?|spend|budget|amount paid)\b.{0,30}|"
    r"(?:contract )?(?:ends?|end date|expir(?:y|es)(?: date)?|renewal(?: date)?|length|term)|risks?(?: .{0,30})?|rag(?: rating| status)?|region|"
    r"(?:date|day|when) (?:of )?(?:the )?(?:reply|replied|response|answer|request|sent|received|asked|review(?:ed)?|updated)|"
    r"(?:reply|replied|response|answer|request|acknowledgement)s? (?:received|sent|dated?|on)(?: on)?|received(?: on)?|last (?:updated|reviewed)|"
    r"next (?:steps?|review)|actions?|by(?: when)?|role|present|agenda item|item|dpia.{0,30}|dcb ?\d+.{0,30}|ce mark.{0,20}|class|version|"
    r"trust type|type of (?:trust|organisation)|type)\W*",
    re.IGNORECASE,
)
"""Heads of columns that say nothing of what is used, whatever their cells look like."""
_MONEY = re.compile(
    r"\b(?:costs?|prices?|paid|spen[dt]|fees?|budget|\u00a3)\b|\u00a3", re.IGNORECASE
)
_NAMING = r"(?:products?|systems?|tools?|software|technolog(?:y|ies)|solutions?|applications?|platforms?|algorithms?|packages?|programs?|suppliers?|AI)"
_USED = r"(?:us(?:e|es|ed|ing)|in (?:\w+ )?use|have|has|deploy\w*|adopt\w*|implement\w*|run(?:s|ning)?|operat\w+|live|in place|installed)"
_MEANINGS: tuple[tuple[str, str], ...] = (
    (
        "plans",
        (
            r"\b(?:plan(?:s|ned|ning)?|intend\w*|intentions?|future|pipeline|upcoming|horizon|roadmap|propos\w+|aspirations?|"
            r"(?:in|over|within) the (?:next|coming)|next (?:\w+ )?(?:months?|years?)|wish\w*|interest(?:ed)?|desired|wanted|short-?list\w*|candidates?|proposals?|requested|forecasts?|projected|anticipated|hop(?:e|es|ing)|will (?:you|the trust)|expect\w*)\b"
        ),
    ),
    (
        "exploring",
        r"\b(?:consider(?:ing|ed)|explor\w+|under (?:review|evaluation|consideration)|evaluat(?:e|ed|ing))\b",
    ),
    (
        "ended",
        r"\b(?:ended|stopped|withdrawn|withdraw|discontinued|decommission\w*|no longer|ceased|formerly|previous(?:ly)?|in the past|switched off|retired|abandoned|dropped|rejected|turned down|not (?:been )?(?:adopted|taken (?:up|on|forward|further)|continued|bought|pursued))\b",
    ),
    ("paused", r"\b(?:paused|suspended|on hold)\b"),
    (
        "trialling",
        r"\b(?:trial\w*|pilot\w*|tr(?:y|ied|ying) out|(?:being |under )test(?:ed|ing)?|proofs? of concept)\b",
    ),
    (
        "usage",
        (
            r"\bhow (?:many|often|much(?! (?:was|is|did|does|has) \w+ (?:paid|spent|cost))|frequently|heavily|widely|busy)\b|\b(?:number|volumes?|count|frequency|level|amount|extent) of\b|"
            r"\bnumbers?$|\bnumbers? (?:used|treated|seen|scanned|read)\b|\b(?:activity|throughput|figures|volumes?|times used)\b|\b(?:per|a|each) (?:day|week|month|year|annum)\b"
        ),
    ),
    (
        "route",
        (
            r"\bhow\b(?! (?:far|many|often|much|long)\b).{0,40}\b(?:procured?|bought|buy|purchased?|obtain(?:ed)?|acquired?|sourced?|commission(?:ed)?|c[ao]me (?:by|about|to)|get|got|funded|paid for|arranged|contracted|arrive)\b|"
            r"\b(?:through|via|under|by|on) (?:which|what|whom|whose)\b|\b(?:procurement|procured|framework|routes?|purchased?|funding|funded|bought)\b|"
            r"\bwho (?:else )?(?:procured|bought|arranged|recommended|funded|paid|commissioned|was involved)\b|\b(?:other )?(?:bodies|organisations) (?:were )?involved\b"
        ),
    ),
    (
        "since",
        r"^\W*(?:when|since when|date)\b|\b(?:start(?:ed)? date|go-?live|date (?:introduced|installed|deployed)|in use since)\b",
    ),
    (
        "status",
        (
            r"\b(?:status|stage|state|decisions?|verdict|progress|position|how far|maturity|phase|lifecycle|how (?:is it|it is|it has|has it|are (?:we|things)|(?:we|things) are) (?:been )?(?:going|gone|doing|done))\b|"
            r"\bwhere (?:we|it|they|things|you|this|the \w+) (?:are|is|stands?|has got to|have got to|got to)\b|\bis it (?:live|in use|used)\b"
        ),
    ),
    (
        "answer",
        (
            r"^\W*any (?:\w+ ){0,2}(?:AI|artificial intelligence)\b|^(?:still |currently |now )?(?:in use|used|live|deployed)\b(?!.*\b(?:elsewhere|others?|neighbour\w*|for)\b).*\?|"
            rf"^\W*(?:do|does|did|is|are|has|have|any)\b(?!.*\b(?:which|what|who|name|list|specify|details?)\b).{{0,80}}\b{_USED}\b|^(?:trust(?:['\u2019]?s)? )?(?:response|reply|answer)\b"
        ),
    ),
    (
        "product",
        (
            rf"\b(?:which|what|lists?|named?|names?|identify|state|provide|details? of|describe|give|specify)\b.{{0,60}}\b{_NAMING}\b|"
            rf"\b(?:what|which)\b.{{0,30}}\b{_USED}\b|\b{_NAMING}\b.{{0,20}}\b{_USED}\b|\bif (?:so|yes)\b.{{0,10}}\b(?:which|what)\b"
        ),
    ),
    (
        "product",
        rf"^(?:{_NAMING}(?: names?)?(?: and |, | / ?|/| & )+\w+(?: names?)?|\w+(?: and | / ?|/| & )+{_NAMING}(?: names?)?)$",
    ),
    (
        "vendor",
        r"\bwho (?:makes|made|supplies|supplied|provides|provided|develop(?:s|ed)|sells|sold)\b|\b(?:suppliers?|vendors?|manufacturers?|developers?|makers?)\b",
    ),
    ("answer", rf"\b(?:uses?|users?|using|use of)\b.{{0,20}}\bAI\b|\bAI\b.{{0,20}}\b{_USED}\b"),
    ("site", r"\bwhere\b|\b(?:sites?|locations?|hospitals? (?:where|at which))\b"),
    (
        "description",
        r"\bfor what\b|\bwhat (?:it|they)\b|\bwhat (?:is it|are they|is this)\b|\b(?:purpose|used for|use cases?|pathways?)\b",
    ),
    (
        "note",
        r"\b(?:anything|other|comments?|remarks?|notes?|further|additional|details?|explanation|free text)\b",
    ),
)
"""What a head asks for that is no term of its own; the first that it speaks of counts."""
_STATUS_OF = re.compile(
    r"(?:what|which|how|where|the|current|is|are)?\W*(?:is|are)?\W*(?:the|its|their)?\W*(?:current )?(?:status|stage|state|progress|position|phase|far)\b",
    re.IGNORECASE,
)
BARE = {
    "plans": "",
    "exploring": "exploring",
    "ended": "ended",
    "paused": "paused",
    "trialling": "trialling",
}
"""The status of what is named in answer to such a question; empty where nothing may be claimed."""


def field(head: str) -> str:
    """What a column of this head holds; empty where its words are not known.

    >>> field("Name of product"), field("Procured via"), field("Colour")
    ('product', 'route', '')
    """
    plain = re.sub(r"\s*\([^)]*\)\s*$", "", head).strip(" ?:*.")
    for name, words in _HEADS.items():
        if plain and re.fullmatch(words, plain, re.IGNORECASE):
            return name
    return ""


def beside(head: str) -> bool:
    """Whether a column of this head says nothing of what is used, whatever its cells look like."""
    plain = " ".join(head.split())
    if _MONEY.search(plain) and not re.search(r"\bwho(?:m|se)?\b", plain, re.IGNORECASE):
        return True
    return bool(_OTHER.fullmatch(plain))


def meaning(head: str) -> str:
    """What a column holds whose head may be a whole question; empty where it says nothing that counts.

    >>> meaning("Q4. How often is each one used?"), meaning("Where we are"), meaning("Case ref")
    ('usage', 'status', '')
    """
    plain = re.sub(
        r"^\W*(?:Q(?:uestion)?\W{0,2})?\d{0,2}[a-z]?[.):]\s*", "", head, flags=re.IGNORECASE
    )
    plain = " ".join(plain.replace("(s)", "s").split())
    if not plain or beside(plain):
        return ""
    if re.fullmatch(
        r"(?:(?:any|future|our|other|further|next|trust) )*plans?(?: for\b.*)?",
        plain,
        re.IGNORECASE,
    ):
        return "plans"
    if name := field(plain):
        return name
    asked = [name for name, words in _MEANINGS if re.search(words, plain, re.IGNORECASE)]
    # Who is asked for products and how far along they are names them first.
    both = asked[:1] == ["status"] and "product" in asked and not _STATUS_OF.match(plain)
    return "product" if both else next(iter(asked), "")


_LISTS_USED = re.compile(
    r"\busers\b|^(?:our )?current (?:clinical )?(?:ai )?(?:products?|systems?|tools?|software|solutions?|applications?|deployments?|users?)\b|"
    r"\b(?:in (?:(?:clinical|routine|live|current|daily|active|regular|operational|everyday) )*(?:use|service|operation)|"
    r"(?:currently|now|presently) (?:us(?:e|es|ed|ing)|run(?:s|ning)?|live|deployed)|(?:trusts?|hospitals?|we|they|departments?) (?:now |currently |all )?(?:use|run|rely on|uses|runs|using|that use|with)\b|"
    r"(?:is|are|being) used|live|deployed|operational|in place)\b",
    re.IGNORECASE,
)
_LISTS_MIXED = re.compile(
    r"\b(?:or|not|no|never|whether|some|how far|status|stage)\b", re.IGNORECASE
)


def lists(words: str) -> str | None:
    """The status of all that stands in a table under these words; none where they do not say.

    >>> lists("AI products in clinical use"), lists("Systems on trial"), lists("AI in radiology")
    ('live', 'trialling', None)
    """
    other = {
        name
        for name, pattern in _MEANINGS
        if name in BARE and re.search(pattern, words, re.IGNORECASE)
    }
    used = bool(_LISTS_USED.search(words))
    if len(other) + used != 1:
        # Words of several kinds speak of products of several kinds.
        return "" if other and not used and "plans" in other else None
    if used:
        return None if _LISTS_MIXED.search(words) else "live"
    return BARE[next(iter(other))]


_GROUPS = re.compile(
    r"(?:(?:network|full|participating|ordering|our|each|named) )?(?:trusts?|hospitals?|organisations?|members?|partners?|participants?|customers?|signator(?:y|ies)|users?|who|for whom|ordered by)\W*",
    re.IGNORECASE,
)


def groups(head: str) -> bool:
    """Whether a head is a word for trusts: a term of its own, or what they are to one another."""
    return field(head) == "trust" or bool(_GROUPS.fullmatch(head))


_OF_ANSWERS = re.compile(
    r"\b(?:told (?:us|me)|repl(?:y|ies|ied)|answer(?:s|ed)?|respon(?:se|ses|ded)|said to us)\b",
    re.IGNORECASE,
)


def of_answers(titles: Iterable[str]) -> bool:
    """Whether the heads of a table say that it holds what was answered to somebody.

    >>> of_answers(["Trust", "What they told us", "Stage"]), of_answers(["Trust", "Stage"])
    (True, False)
    """
    return any(_OF_ANSWERS.search(title) for title in titles)
