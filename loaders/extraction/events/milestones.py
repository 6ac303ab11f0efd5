"""The words that tell of projects of infrastructure and of their milestones."""

import re

KINDS = {
    "supercomputer": r"supercomputers?|computing cluster|high[- ]performance comput\w+",
    "electronic-patient-record": r"electronic (?:patient|health) records? (?:system|programme|platform|rollout)|electronic patient records?|EPR|patient record system",
    "operating-model": r"operating model",
    "integration": r"integration (?:technology|engine|platform|layer|programme|work|service)|interoperability (?:platform|programme)|integration engine|"
    r"integration (?:of|between|with)(?= [^.;]{3,90}\b(?:archives?|systems?|records?|PACS|RIS|laborator(?:y|ies)|worklists?|databases?|registers?)\b)|"
    r"(?:shared|regional|single|common|joint|new) (?:worklists?|(?:image |picture )?archives?|PACS|RIS|image sharing|reporting (?:system|platform))|vendor[- ]neutral archives?|"
    r"(?:laboratory|radiology|pathology) information (?:management )?systems?|(?-i:LIMS|VNA)",
    "data-tool": r"(?:open-access |data |mapping |analytics |planning )?(?:tool|dashboard|data platform|data warehouse)(?=[^.;]{0,60}\bdata\b)|(?:secure )?data (?:environment|platform|warehouse)",
}
KIND = re.compile(
    "|".join(f"(?P<k{at}>\\b(?:{words})\\b)" for at, words in enumerate(KINDS.values())),
    re.IGNORECASE,
)
TITLES = {
    "supercomputer": "Supercomputer",
    "electronic-patient-record": "Electronic patient record programme",
    "operating-model": "Digital operating model",
    "integration": "Integration of systems",
    "data-tool": "Data tool",
}
STEPS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    (
        "contract",
        "reached",
        "contract-signed",
        (
            r"signed off on",
            r"(?:signed|awarded|agreed|approved|let|placed) (?:an?|the|its) (?:[\w\u00a3.,-]+ ){0,6}contracts?",
            r"contracts?(?: (?:for|with) [^.;,]{2,60}?)? (?:has|have|was|were) (?:been )?(?:signed|awarded|agreed|approved|let|placed)",
        ),
    ),
    (
        "contract",
        "planned",
        "contract-planned",
        (
            r"contracts?(?: (?:for|with) [^.;,]{2,60}?)? (?:(?:is|are) (?:to|due to|expected to|planned to|likely to)|will|should) (?:then )?be (?:signed|awarded|agreed|let|placed)",
            r"(?:will|plans? to|expects? to|hopes? to|intends? to|(?:is|are) (?:due )?to) (?:sign|award|let|place) (?:an?|the|its) (?:[\w-]+ ){0,5}contracts?",
        ),
    ),
    (
        "tender",
        "reached",
        "tender-published",
        (
            r"(?:tender|procurement|invitation to tender)(?: (?:for|of) [^.;,]{2,60}?)? (?:has|have|was|were) (?:been )?(?:published|issued|launched|opened)",
            r"(?:published|issued|launched) (?:an?|the|its) (?:[\w-]+ ){0,4}tender",
        ),
    ),
    (
        "tender",
        "planned",
        "tender-prepared",
        (
            r"(?:tender|procurement)(?: (?:for|of) [^.;,]{2,60}?)? (?:(?:is|are) (?:due |expected |planned )?to|will) (?:be (?:published|issued|launched|opened)|open|go out|start|begin)",
            r"(?:tender|procurement)(?: (?:for|of) [^.;,]{2,60}?)? (?:exercise )?(?:is|are) (?:now |currently )*(?:being )?(?:prepared|drafted|planned|expected|due)",
            r"prepar(?:es|ing) (?:an?|the|its) (?:[\w-]+ ){0,4}tender",
        ),
    ),
    (
        "deployment",
        "planned",
        "scheduled",
        (
            r"(?:originally|initially|first|previously) (?:scheduled|planned|due|expected|set|intended)(?: for| to)?",
        ),
    ),
    (
        "deployment",
        "planned",
        "postponed",
        (
            r"(?:has|have|had|was|were) (?:been |now been )?(?:pushed back|postponed|delayed|deferred|put back|put off|rescheduled|moved|slipped)(?: from [^.;,]{3,20}?(?= (?:to|until)\b))?(?: (?:to|until))?",
        ),
    ),
    (
        "deployment",
        "planned",
        "planned-phase",
        (
            r"(?:is|are) (?:now )?(?:planned|scheduled|due|expected|set) (?:for|in)(?= (?:the )?(?:\w+ ){0,3}20\d\d)",
        ),
    ),
    (
        "completion",
        "planned",
        "completion",
        (
            r"(?:through|run|continue|running|runs) (?:to|until) (?=(?:the )?(?:early|mid|late|end|\w+ )?\s*(?:of )?20\d\d)",
            r"(?:expected|due|set|planned|scheduled) to (?:be (?:completed?|finished|concluded)|complete|finish|end|conclude)",
        ),
    ),
    (
        "delivery",
        "planned",
        "delivery",
        (
            r"(?:expected|due|set|planned|scheduled) to be (?:delivered|rolled out|phased in)",
            r"(?:opted|chosen|decided|plan|plans) to (?:spread|phase|stage|split)[^.;]{0,40}?\b(?:stages|phases|steps)",
            r"intends? to (?:retire|replace|remove|deliver|move|migrate|extend|switch off)",
        ),
    ),
    (
        "go-live",
        "planned",
        "go-live-planned",
        (
            r"(?:expected|due|set|planned|scheduled|hopes?|plans?) to (?:go|be) live",
            r"go-live (?:is |date )?(?:is )?(?:planned|expected|scheduled|due|set)(?: for| in)?",
            r"(?:will|to) go live",
        ),
    ),
    (
        "adoption",
        "reached",
        "adopted",
        (
            r"(?:has|have) (?:now |already )?adopted",
            r"adopted (?=an? new)",
        ),
    ),
    (
        "go-live",
        "reached",
        "live",
        (
            r"(?:has|have) (?:now |already |also )?(?:gone live|launched|switched on)",
            r"(?:went|gone) live",
            r"(?:was|were|has been|have been) (?:switched on|launched)",
        ),
    ),
    (
        "delivery",
        "reached",
        "delivered",
        (r"(?:has|have|was|were) (?:now |been |fully )*(?:delivered|rolled out)",),
    ),
    (
        "completion",
        "reached",
        "completed",
        (
            r"(?:has|have|was|were|is|are) (?:now |been |fully )*(?:completed|complete|finished|concluded)(?! by (?:the )?\w+ 20)",
        ),
    ),
)
"""Kind and state of a milestone, its name, and the words that tell of it."""
STEP = re.compile(
    "|".join(f"(?P<s{at}>\\b(?:{'|'.join(step[3])}))" for at, step in enumerate(STEPS)),
    re.IGNORECASE,
)
_NOUNS = (
    ("go-live", r"go-?live|going live|switch-?on|launch|cut-?over"),
    ("tender", r"tender|procurement|competition|invitation to bid"),
    ("contract", r"contract(?:s| signature| award)?|signature|signing"),
    ("completion", r"completion|end|close|conclusion"),
    ("adoption", r"adoption"),
    ("delivery", r"delivery|handover"),
)
_STEP_NOUN = re.compile(
    r"^\W*(?:(?:in|on|at|by) [^,]{3,40}, )?(?:(?:an?|the|its|their|our|this|that) )?(?:(?:first|second|third|final|full|planned|new|formal|open|joint) )*(?:"
    + "|".join(f"(?P<n{at}>{said})" for at, (_, said) in enumerate(_NOUNS))
    + r")\b",
    re.IGNORECASE,
)


def meant_step(said: str) -> str:
    """The kind of milestone that a sentence is about by its subject; empty where that names none.

    >>> meant_step("A tender for the integration engine ")
    'tender'
    """
    match = _STEP_NOUN.match(said)
    return _NOUNS[int((match.lastgroup or "n0")[1:])][0] if match else ""
