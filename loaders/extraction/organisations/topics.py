"""Of whom a sentence goes on to speak, and which sentence the next one takes back."""

import re
from collections.abc import Sequence

from careatlas.loaders.extraction.candidates import Deployment
from careatlas.loaders.extraction.gazetteer import Entity, Gazetteer, Mention
from careatlas.loaders.extraction.organisations.subjects import joined
from careatlas.loaders.extraction.wording import apart
from careatlas.loaders.extraction.wording.text import Span
from careatlas.loaders.extraction.wording.words import CLINICAL, words

PRONOUN = re.compile(
    r"\W*(?:it|they|the (?:(?:AI|new) )?(?:trust|hospital|organisation|tool|system|software|product|technology)|its|we|this (?:initiative|tool|system|solution|product|technology|software|work)|(?:a|an|the|its) (?:[\w-]+ )?(?:pilot|trial|evaluation|contract|deal|purchase|licence|roll-?out|deployment|proof of concept)|(?:staff|clinicians|doctors|radiologists|nurses|teams)|as part of the [\w -]+, it)\b",
    re.IGNORECASE,
)
"""How a sentence begins that goes on about the trust that was named last."""
OF_TRUST = re.compile(
    r"\W*(?:(?:by|in|with|since|after|following|through|as|to|from|for|on|at|during|when|while)\b[^.;:]*?,\s+)?the (?:trust|hospital)\b",
    re.IGNORECASE,
)
"""How a sentence begins that is about the one trust that is meant by "the trust"."""
_STUDY = re.compile(
    r"\W*(?:the|this|our) (?:[\w-]+ ){0,3}?(?:study|trial|research(?! and))\b(?! (?:sites?|team|nurses?|centres?|hospitals?|department)\b)",
    re.IGNORECASE,
)
_TURNS = re.compile(r"\b(?:and|but|while|so|that|where|after|before|since|when)\b|[,;:]")
_HELPS = re.compile(r"(?:\s|\b(?:is|are|was|were|has|have|had|been|now|also|then|currently)\b)*")
_ALL = re.compile(
    r"\W*(?:(?:at|in|by|for) )?(?:both|they (?:all|both)|all (?:two|three|four|five|six)|each of (?:them|these)|"
    r"(?:the|these|all) (?:two|three|four|five|six|trusts|hospitals))\b(?! (?:products?|tools?|systems?))",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\W*(?:(?:many|most|some(?! \d)|several|other|others|few|one|two|three|trusts|hospitals|experts|critics|nationally|elsewhere|"
    r"vendors|suppliers|nobody|everyone|anyone|we|our|i|you|your|if|in (?:england|scotland|wales|europe))\b|"
    r"(?:the|a|an|its) (?:[\w-]+ ){0,2}?(?:company|firm|supplier|vendor|maker|developer|manufacturer|study|market|government|"
    r"network|alliance|board|region|integrated care board|icb|regulator|institute|union)\b)",
    re.IGNORECASE,
)
"""How a sentence begins that speaks of somebody else."""
_TAKES_BACK = re.compile(
    r"\W*(?:(?:but |yet |in fact,? |actually,? |however,? )*(?:not so|not true|not quite|wrong|far from it|not any (?:more|longer)|sadly not|alas,? no)\b|"
    r"(?:that|this|which|it|the (?:report|claim|statement)) (?:is|was|turns? out to (?:be|have been)|proved) (?:simply |quite |in fact )?"
    r"(?:not (?:so|right|correct|true|accurate|the case)|wrong|untrue|incorrect|inaccurate|false|mistaken|an? (?:error|mistake|misunderstanding))\b|"
    r"(?:it|they|the (?:trust|hospital)|he|she) (?:has|have|does|do|did|is|are|was|were|had)(?: not|n['\u2019]t)\s*(?:$|[:;,.\u2013\u2014]|so\b)|"
    r"(?:in fact,? )?(?:it|they|we|the (?:trust|hospital)) (?:(?:(?:does|do|did) not (?:use|have|run)|(?:has|have) not (?:bought|used|got|installed|taken)) (?:it|them|this|the (?:tool|product|system|software)|(?:any|one)(?=\W*$))\b(?! (?:in|on|for|at)\b)|never (?:has|have|had|did|was|used|bought)|(?:has|have) never\b)|"
    r"(?-i:[A-Z])[\w'\u2019& -]{2,70}? (?:says?|said|told us|insists?|replied)(?: to us)? that (?:this|that|it) (?:is|was) (?:not (?:so|true|right|correct|the case)|wrong|untrue|false|a mistake)\b|"
    r"(?-i:[A-Z])[\w'\u2019& -]{2,70}? (?:denies|denied|disputes|disputed) (?:this|that|it)\s*(?:$|[.,:;])|"
    r"(?:the (?:trust|hospital)|it|they|we) (?:would|could|can|did|will) (?:not|neither) (?:(?:confirm|verify)(?: or deny)?(?: (?:it|this|that|the (?:claim|story|report)))?|say so)\s*(?:$|[.,:;])|"
    r"(?:unconfirmed|unverified|not (?:confirmed|verified|stood up|checked)|leave (?:this |it )?out|do not (?:print|use|count|run))\b|"
    r"no such\b|(?:but )?the (?:trust|hospital) (?:says otherwise|disput(?:es|ed)|den(?:ies|ied)|contradicts))",
    re.IGNORECASE,
)
"""How a sentence begins that takes back the one before."""
_DENIES = re.compile(
    r"\W*(?:in fact,? )?(?:it|they|we|the (?:trust|hospital)) (?:does|do|did) not (?:use|have|run)\b",
    re.IGNORECASE,
)
"""How a sentence begins that takes back the one before if it names the same product."""
_OURS = re.compile(r"\W*we\b", re.IGNORECASE)
"""How a sentence begins that takes nothing back that was said of another."""
_PLACE = re.compile(
    r"\b(?:[Ii]n|[Nn]ear|[Aa]round) ([A-Z][a-z]{3,})\b(?! (?:Hospital|Road|Ward|Building|Wing|Centre|Site|Clinic|Unit|Street|House|Lane|Department))"
)
_TIMES = words(
    """january february march april june july august september
    october november december spring summer autumn winter easter christmas teams"""
)
_BY_THE_WAY = re.compile(
    r"\b(?:(?:hosted|provided|supplied|led|funded|procured|coordinated|commissioned|arranged|managed|paid for|recommended|supported|operated|"
    r"overseen|run on our behalf|shared|maintained|administered) (?:for us |on our behalf )?(?:jointly )?by|"
    r"(?:in )?(?:association|partnership|collaboration|common|conjunction|cooperation|line) with|together with|along with|shared with|jointly with|with help from|"
    r"borrowed from|from|like|unlike|alongside|than|via)\s+(?:the\s+|colleagues at\s+)?\Z",
    re.IGNORECASE,
)
_MADE_BY = re.compile(
    r"\b(?:AI|software|tool|system|solution|technology|platform|algorithm|app|product|device)\b[^.;]{0,40}?\b(?:developed|made|created|designed|built|provided|supplied|from|by)\b(?: by)?(?:\s+[\w-]+){0,4}\s*$|"
    r"\b(?:firm|company|vendor|supplier|start-?up|developer),?\s+$",
    re.IGNORECASE,
)
"""What stands before the maker of what is spoken of."""
_SO_DO = re.compile(
    r"\W*(?:so (?:does|do|has|have|is|are)\b(?![^.;]*\b(?:hope|plan|wish|want|intend|not)\b)|"
    r"the same (?:is true|goes|applies|holds|can be said) (?:of|for|at|to)\b|(?:likewise|ditto)\b)",
    re.IGNORECASE,
)
_FOLLOWED = re.compile(
    r"\W*(?:the )?(?-i:[A-Z])[\w'\u2019& -]{2,60}? (?:(?:has|have|had|since|soon|then|also|later) )*(?:followed(?: suit)?|did (?:so|the same|likewise)|done (?:so|the same|likewise))"
    r"(?=\s*(?:$|[.,;]|and\b|(?:in|on|at the|during|by) (?:\w+ ){0,3}(?:20\d\d|january|february|march|april|may|june|july|august|september|october|november|december|spring|summer|autumn|winter|year|month|week)|"
    r"(?:(?:a|one|two|three|four|five|six|some|several|\d+) )?(?:days?|weeks?|months?|years?) (?:later|after)|soon|shortly|last|this))",
    re.IGNORECASE,
)
"""What says of another trust that it did the same, later."""
_BUT = re.compile(
    r"\b(?:but|until|though|although|not|never|no longer|would|will|may|might|hopes?|plans?)\b",
    re.IGNORECASE,
)
_SAID_ONCE = re.compile(
    r"\b(?:it|we|this (?:page|article|report|story|list)|an? (?:earlier|previous) (?:\w+ )?version(?: of [^.;]{3,40})?|"
    r"the (?:article|report|story|page|survey|list)) had (?:\w+ )?(?:said|stated|reported|listed|written|given|claimed|counted|shown)\b|"
    r"\b(?:last|previous|earlier|first|original) (?:(?:year|month|week|spring|summer|autumn|winter|quarter)(?:['\u2019]s)? )?"
    r"(?:\w+ )?(?:reports?|articles?|surveys?|versions?|editions?|issues?|round-?ups?|stor(?:y|ies)|papers?|tables?|lists?|newsletters?|minutes|pages?)\b"
    r"[^.;]{0,40}\b(?:said|stated|reported|listed|showed|gave|had|recorded)\b|"
    r"\b(?:wrongly|mistakenly|incorrectly|erroneously) (?:\w+ )?(?:said|stated|reported|listed|named|shown|recorded|showed|gave)\b|"
    r"\bin our [\w ]{3,40}?,? (?:we|it) (?:said|reported|wrote|stated|listed)\b|"
    r"\b(?:first|second|third|last|previous|earlier|original) (?:printing|bulletin|issue|leaflet|post)\b[^.;]{0,40}\b(?:said|stated|reported|listed|showed|gave|had)\b|"
    r"\b(?:bulletin|issue|newsletter|edition|briefing) \d+\b[^.;]{0,20}\b(?:said|stated|reported|listed|showed)\b|"
    r"\b(?:newspapers?|(?<!board )papers?|magazines?|blogs?|leaflets?|brochures?|posters?|tweets?|sales (?:reps?|people)|salesm[ae]n|salesperson)\b"
    r"(?: (?:in|last|on) (?:\w+ ){0,2}(?:20\d\d|week|month|year|spring|summer|autumn|winter|\w+day))? (?:had )?(?:(?:once|also|since) )?"
    r"(?:wrote|writes|claim(?:s|ed)|reported|said|says|told us|boast(?:s|ed)|suggest(?:s|ed)|listed|lists|counts|counted|includes|included|names|named|shows|showed) (?:that |of )?|"
    r"\b(?:informally|unofficially|off the record|anonymously)\b|\b(?:not|nothing) (?:been )?(?:counted|entered|included|recorded)\b|\b(?:newsletters?|websites?|web ?pages?|social media|posts?) (?:says?|said|claims?|claimed|reports?) (?:that )?|"
    r"\b(?:(?:a|an|one|my|our|some|her|his) )(?:\w+ )?(?:nurse I know|friend|relative|visitor|patient|insider|source|contact|granddaughter|grandson|daughter|son|sister|brother|mother|father|neighbour|taxi driver|correspondent|reader)s?\b"
    r"[^.;]{0,40}\b(?:says?|said|told|thinks?|thought|heard|mentioned|reckons?|swears?|believes?)\b|\b(?:on the quiet|do not print|not for (?:print|publication))\b|"
    r"\b(?:seem(?:s|ed)?|appear(?:s|ed)?) to (?:think|believe|suppose|assume|remember|imagine|be under the impression)\b|"
    r"\b(?:was|were|been|being) told (?:that|of|about|how)\b|\bheard (?:a|an|the) (?:talk|presentation|pitch) (?:of|on|about|by|from)\b|"
    r"\b(?:suppliers?|vendors?|makers?|compan(?:y|ies)|firms?|manufacturers?|developers?|start-?ups?|sellers?) (?:claim(?:s|ed)?|boast(?:s|ed)?|insist(?:s|ed)?|would have us believe)\b|"
    r"^\W*(?:told|heard|hear) (?:at|by|from|in|that)\b|\bwe (?:had )?(?:heard|assumed|believed|thought|understood)\b|\b(?:rumour|hearsay|gossip) (?:has|had) it\b|"
    r"\b(?:somebody|someone|a person|people|those) (?:who|that) works? (?:at|in|for)\b[^.;]{0,100}?\b(?:told us|believes?|thinks?|says?|said|claims?|claimed)\b|"
    r"\b(?:an?|one) (?:[\w-]+ )?(?:radiographer|radiologist|nurse|doctor|consultant|clinician|clerk|porter|manager|employee|member of staff) (?:at|in|from)\b[^.;]{0,100}?\b(?:believes?|thinks?|is (?:sure|convinced|certain)) that\b|"
    r"\b(?:asked (?:us )?not to (?:be named|print|give)|did not want (?:to be named|her name|his name|their name))|"
    r"\b(?:they|he|she|somebody|someone) (?:all |also |still )?(?:thinks?|thought|suspect(?:s|ed)?|guess(?:es|ed)?|heard|fanc(?:y|ies|ied)) that\b",
    re.IGNORECASE,
)
"""What a document says that it said once, or only heard, is not what it says now."""


def lead(text: str, span: Span, names: Gazetteer) -> list[Mention]:
    """The trusts of a sentence that is nothing but their names, as above what is said of them."""
    found = [
        Mention(m.start + span.start, m.end + span.start, m.text, m.of("trust"))
        for m in names.mentions(text[span.start : span.end])
        if m.of("trust")
    ]
    if not found or len(joined(text, found)) < len(found):
        return []
    rest = text[span.start : found[0].start] + text[found[-1].end : span.end]
    return found if not re.sub(r"\b(?:the|both|NHS|Trust|Foundation)\b|\W", "", rest) else []


def by_the_way(text: str, span: Span, trusts: Sequence[Mention]) -> bool:
    """Whether a sentence names trusts only as those by whom, with whom or from whom something is."""
    return all(_BY_THE_WAY.search(text, span.start, one.start) for one in trusts[:1]) and len(
        joined(text, trusts)
    ) == len(trusts)


def held(lead: str, known: Sequence[Deployment], names: Gazetteer) -> bool:
    """Whether words begin with a product that somebody is known to have."""
    first = next(names.mentions(lead), None)
    mine = first.of("product") if first else ()
    return any(one.product in mine for one in known if one.product)


def last_thing(text: str, span: Span, names: Gazetteer, before: Mention | None) -> Mention | None:
    """The product that was named last, or else the maker of what a sentence speaks of."""
    said = text[span.start : span.end]
    found = [m for m in names.mentions(said) if m.of("product", "vendor")]
    named = [m for m in found if m.of("product")]
    made = [m for m in found if _MADE_BY.search(said, 0, m.start)] if not named else []
    makers = {product.vendor for product in before.of("product")} if before else set()
    again = bool(made) and any(one.iri in makers for one in made[-1].of("vendor"))
    return before if again else next(reversed(named or made), before)


def by_study(said: str) -> bool:
    """Whether words before a verb say that a study does it.

    >>> by_study("The Heron trial is "), by_study("The trial was a success and Ash now ")
    (True, False)
    """
    match = _STUDY.match(said)
    parts = _TURNS.split(said[match.end() :]) if match else []
    return len(parts) == 1 or bool(parts and _HELPS.fullmatch(parts[-1]))


def studied(said: str, names: Gazetteer) -> set[Entity]:
    """The products with which a sentence says that a study works."""
    found = list(names.mentions(said))
    if not (any(m.of("study") for m in found) or _STUDY.match(said)):
        return set()
    return {product for m in found for product in m.of("product")}


def so_do(said: str) -> bool:
    """Whether a sentence says only that the same holds of the trusts that it names."""
    return bool(_SO_DO.match(said)) or bool(_FOLLOWED.match(said) and not _BUT.search(said))


def of_all(said: str) -> bool:
    """Whether a sentence begins with words for all the trusts that were named before."""
    return bool(_ALL.match(said))


def goes_on(said: str, names: Gazetteer) -> bool:
    """Whether a sentence that names no trust may be about the one that its paragraph is about."""
    if _ELSEWHERE.match(said) or apart.OF_MANY.search(said) or apart.OF_OTHERS.search(said):
        return False
    if any(
        key not in CLINICAL and key not in _TIMES for key in map(str.casefold, _PLACE.findall(said))
    ):
        return False
    found = list(names.mentions(said))
    first = found[0] if found else None
    if first and first.of("network", "icb", "programme", "organisation"):
        return False
    makes = first and first.start <= len("The ") and first.of("vendor") and not first.of("product")
    return not (first and makes and any(names.products(v.iri) for v in first.of("vendor")))


def said_once(text: str, span: Span) -> bool:
    """Whether a sentence tells only of what was said once, or elsewhere."""
    return bool(_SAID_ONCE.search(text[span.start : span.end]))


def taken_back(text: str, all_of_them: Sequence[Span], at: int, names: Gazetteer) -> bool:
    """Whether a sentence tells only of what was said once, or the next one takes it back."""
    if said_once(text, all_of_them[at]):
        return True
    if at + 1 == len(all_of_them):
        return False
    after = all_of_them[at + 1]
    here = list(names.mentions(text[all_of_them[at].start : all_of_them[at].end]))
    if _OURS.match(text, after.start, after.end) and any(m.of("trust") for m in here):
        return False
    if _TAKES_BACK.match(text, after.start, after.end):
        return True
    if not (denied := _DENIES.match(text, after.start, after.end)):
        return False
    named = {m.entities for m in names.mentions(text[denied.end() : after.end]) if m.of("product")}
    return bool(named & {m.entities for m in here})


_SAID = re.compile(r"\b(?:said|says|added|commented|explained)\b")
_LINE = re.compile(r"\s*(?:\([^)]*\)\s*)?(?::|\s[-\u2013\u2014])\s+(?:the\s+)?$")
_LISTING = re.compile(
    r"\([^()]*\)|\b(?:and|the|both|also|NHS|Trust|Foundation|since|from|in|January|February|March|April|May|June|July|August|September|October|November|December)\b|[^\w(]+|\d+"
)


def speaks_for_firm(said: str, names: Gazetteer) -> bool:
    """Whether a sentence gives what somebody says of a firm, or for it."""
    return bool(_SAID.search(said)) and any(m.of("vendor") for m in names.mentions(said))


def says_more(text: str, thing: Mention, trusts: Sequence[Mention]) -> bool:
    """Whether a line that begins with a thing is more than a list of the trusts that have it."""
    if not _LINE.match(text, thing.end, trusts[0].start):
        return True
    ends = [*(one.start for one in trusts[1:]), len(text)]
    between = [text[one.end : end] for one, end in zip(trusts, ends, strict=True)]
    return any(_LISTING.sub("", words) for words in between)
