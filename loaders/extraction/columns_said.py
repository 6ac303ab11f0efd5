"""What the columns of a printed table hold, known by the words of their heads, and what their cells say."""

import re
from dataclasses import dataclass

from careatlas.loaders.extraction import lifecycle
from careatlas.loaders.extraction.text import Span

_HEADS = {
    "trust": r"(?:nhs )?(?:foundation )?(?:trusts?|organisations?|hospitals?|providers?|bod(?:y|ies)|respondents?|sites? and trust)(?: names?)?|"
    r"names? of (?:the )?(?:trust|organisation|provider|hospital)|(?:nhs )?trust name|who",
    "answer": r"(?:do(?:es)? (?:you|the trust|it) )?(?:currently )?us(?:es?|ing|age of) (?:of )?(?:any )?(?:clinical )?ai(?: tools?| systems?)?|ai(?: in)? use|uses? ai|"
    r"(?:the )?(?:answer|response|reply|outcome|result)s?(?: (?:given|received|type|to q(?:uestion )?\d))?|ai (?:used|in use|deployed)|in use",
    "product": r"(?:ai )?(?:products?|systems?|tools?|software|technolog(?:y|ies)|solutions?|applications?|platforms?|algorithms?)(?: (?:names?|used|in use|and version|/ ?\w+))*|"
    r"names? of (?:the )?(?:ai )?(?:product|system|tool|software|solution|application|technology)s?|which (?:product|system|tool)s?|what is used|ai",
    "vendor": r"(?:ai )?(?:suppliers?|vendors?|compan(?:y|ies)|manufacturers?|developers?|makers?|provider)(?: names?)?|names? of (?:the )?(?:supplier|vendor|company|manufacturer|developer)|"
    r"(?:supplied|made|developed|provided) by|made by",
    "status": r"(?:current |live |deployment |project |implementation )?(?:status|stage|state|phase|position|maturity)(?: of \w+)*|how far along|live\??|where (?:it|things) stands?",
    "usage": r"(?:[\w()£-]+ ){0,4}?(?:volumes?|usage|uses|scans|patients|cases|studies|images|examinations|exams|x-?rays|mammograms|procedures|consultations|"
    r"plans|times used|how (?:often|many|much)|activity|number used|frequency|analyses)(?:\b.{0,40})?|how often\b.{0,30}|number of\b.{0,40}",
    "route": r"(?:procurement )?routes?(?: to (?:market|purchase))?|procur(?:ed|ement)(?: (?:via|through|by|route|method|framework|under))?|(?:bought|purchased|acquired|obtained|sourced|commissioned|contracted|funded)(?: (?:via|through|by|from|under))?|"
    r"how (?:it was |was it |it came |the trust )?(?:procured|bought|purchased|acquired|obtained|got|came about)(?: it)?|frameworks?|how obtained",
    "description": r"(?:clinical )?(?:use|purpose|use case|application area|function|task|area|what (?:it is|is it) (?:used )?for|used for|pathway|description)s?(?: of (?:use|tool|system))?|what for",
    "specialty": r"(?:clinical )?(?:speciality|specialty|sub-?special(?:i)?ty|department|service|directorate|specialism)(?: area)?",
    "modality": r"(?:imaging )?modalit(?:y|ies)",
    "since": r"(?:in use |live |used |start(?:ed)? |implemented )?(?:since|from|start(?:ed)?(?: date)?|go-?live(?: date)?|date (?:of )?(?:go-?live|started|deployed|introduced|implemented|installed)|live (?:since|from|date)|implemented|introduced)",
    "period": r"(?:reporting |financial )?(?:periods?|years?)(?: covered)?",
    "site": r"(?:hospital )?(?:sites?|locations?|where(?: used)?)",
    "ods": r"(?:ods|organisation|trust|org\.?) ?codes?|ods",
    "note": r"(?:notes?|comments?|remarks?|further information|other information|additional information|details?)",
}
_DENIED = re.compile(
    r"(?:no|none|nil|n|not (?:currently )?(?:used|using|in use)|does not use(?: (?:clinical )?ai)?|do not use(?: (?:clinical )?ai)?|no ai|no clinical ai|nothing)\b(?! (?:response|reply|answer))",
    re.IGNORECASE,
)
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
    r"wish ?list|horizon|interested|desired|considered but|abandoned|not pursued)\b",
    re.IGNORECASE,
)
_STATES: tuple[tuple[str, str], ...] = (
    (
        "deployed-not-used",
        r"\b(?:installed|deployed|implemented|available|live|in place)\b.{0,20}\b(?:but|,)?\s*(?:not (?:yet |actually |currently )?(?:in use|used)|unused|switched off)|\bswitched off\b|\bdormant\b",
    ),
    (
        "ended",
        r"\b(?:ended|stopped|ceased|decommission\w*|retired|discontinued|withdrawn|no longer|terminated|expired|formerly|completed?|concluded|closed|historic\w*)\b",
    ),
    ("paused", r"\b(?:paused|suspended|on hold|halted)\b"),
    ("research-only", r"\bresearch\b|\bstudy\b"),
    ("trialling", r"\b(?:pilot\w*|trial\w*|proof of concept|poc|testing|under test|in test)\b"),
    (
        "implementing",
        r"\b(?:implement(?:ing|ation)|set(?:ting)? up|install(?:ing|ation)|roll(?:ing)?[- ]?out(?! complete)|deploying|in progress|onboarding|mobilis\w+|integration|integrating|going live|configur\w+|being (?:installed|implemented|set up|deployed|rolled out))\b",
    ),
    (
        "exploring",
        r"\b(?:evaluat\w+|exploring|under (?:review|evaluation|consideration|assessment)|considering|assessing|scoping|reviewing|investigating|appraisal)\b",
    ),
    (
        "procured",
        r"\b(?:procured|purchased|bought|contract (?:signed|awarded)|on order|ordered|awarded)\b",
    ),
    (
        "live",
        r"\b(?:live|in (?:routine |clinical |daily |full )?use|in (?:clinical )?service|operational|deployed|used|using|routine|business as usual|bau|embedded|active|fully (?:rolled out|implemented|deployed)|rolled out|implemented|installed|yes|y|current|established)\b",
    ),
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


def heads(row: list[Cell]) -> dict[int, str]:
    """The columns of a head row by number, each kind once; empty where a row is none."""
    found: dict[int, str] = {}
    for number, cell in enumerate(row):
        name = field(cell.said)
        if (
            name == "vendor"
            and "trust" not in found.values()
            and cell.said.casefold().startswith("provider")
        ):
            name = "trust"
        if name and name not in found.values():
            found[number] = name
    named = {"trust", "product", "vendor"} & set(found.values())
    filled = [cell for cell in row if cell.said]
    return found if len(found) > 1 and named and 2 * len(found) >= len(filled) else {}


def status(said: str) -> str | None:
    """The status that a cell says: empty where it says that there is no use, none where no word is known."""
    plain = said.strip()
    if not plain:
        return None
    for code, words in _STATES[:1]:
        if re.search(words, plain, re.IGNORECASE):
            return code
    if _STILL_TO_COME.search(plain):
        coming = re.search(dict(_STATES)["implementing"], plain, re.IGNORECASE)
        return (
            "implementing"
            if coming
            and not re.search(r"\bplan|propos|cancel|reject|business case", plain, re.IGNORECASE)
            else ""
        )
    for code, words in _STATES[1:]:
        if (match := re.search(words, plain, re.IGNORECASE)) and not lifecycle.negated(
            plain[: match.start()]
        ):
            return code
    return "" if lifecycle.negated(plain) else None


def answer(said: str) -> tuple[str, str, str]:
    """What an answer says: the answer, its detail, and the exemption; empty where no word is known."""
    plain = said.strip(" .")
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
