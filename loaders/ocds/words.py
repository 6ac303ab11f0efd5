"""Words and codes by which notices about clinical AI are told from others."""

import re

AI = re.compile(
    r"\bartificial[ -]intelligence\b|\bmachine[ -]learning\b|\bdeep[ -]learning\b"
    r"|\bcomputer[ -]aided (?:detection|diagnos\w+)\b|\bcomputer vision\b|\bneural networks?\b"
    r"|\bgenerative AI\b|\blarge language models?\b|\bambient (?:voice|scrib\w+|AI|listening|documentation|clinical (?:documentation|intelligence|notes?|voice))\b"
    r"|\bAI[ -]?scrib\w+|\bauto-?contouring\b|\bauto-?segmentation\b|\bimage recognition\b",
    re.IGNORECASE,
)
"""Phrases that mean AI wherever they stand."""
SHORT = re.compile(r"(?<![\w./&-])A\.?I\b\.?(?![\w&]|-\d|/\d|\.\w)")
"""The two letters as a word of their own: no code such as `F/AI/12` or `AI-7`, and no `AI Smith Ltd`."""
INITIALS = re.compile(
    r"\b(?:Dr|Mr|Mrs|Ms|Miss|Prof|Professor|Contact|Attn|Estate of)\.? A\.?I\.? [A-Z]\w+"
    r"|(?<!\w)A\.?I\.? [A-Z]\w+ (?:(?:and|&) \w+ )?(?:Ltd|Limited|LLP|Sons|Partners|plc)\b"
)
"""The two letters as those of a person."""
SPELT_OUT = re.compile(
    r"\b(A\w+)(?:[ -](?:of|and|for))?[ -](I\w+)\s*\(\s*A\.?I\.?\s*\)", re.IGNORECASE
)
OTHER_MEANING = re.compile(
    r"\binseminat|\bavian (?:influenza|flu)\b|\bamnesty international\b|\bapproved inspectors?\b"
    r"|\baluminium|\badobe illustrator\b|\baccident investigat|\baircraft|\bagricultural\b",
    re.IGNORECASE,
)
"""Words beside which the two letters alone are not trusted."""
_A = r"(?:artificial[ -]intelligence|machine[ -]learning|deep[ -]learning|A\.?I\b\.?)"
_FILL = (
    r"(?:\W+(?:any|the|all|use of|use|using|include|includes|including|included|require|requires|requiring|need|cover|covers|involve|involves"
    r"|involving|intend|intends|intending|seek|seeking|want|looking|to|for|of|or|and|in|be|an|a|buy|procure|purchase)\b){0,6}"
)
LEFT_OUT = re.compile(
    rf"\b(?:exclud\w+|excepting|except|without|other than|apart from)(?! VAT){_FILL}\W+(?:(?!VAT)\w+ ){{0,2}}{_A}"
    rf"|(?<![\w-])(?:not|no|nor|never)(?![\w-]){_FILL}\W+{_A}"
    rf"|{_A}(?:[ -]\w+){{0,5}} (?:is|are|will be|shall be|must be)? ?(?:not (?:included|required|part|in scope|within|permitted|allowed|to be)"
    rf"|excluded|out of scope|outside|prohibited|forbidden)",
    re.IGNORECASE,
)
"""AI that is named only to say that it is not bought."""
_BID = r"\b(?:tender|bid|response|submission|quotation|proposal)s?\b"
_WRITE = r"\b(?:writ|prepar|draft|generat|creat|produc|complet)\w*"
BY_BIDDERS = re.compile(
    rf"(?:use[ds]? of|used?|using) {_A}[^.]{{0,60}}{_BID}"
    rf"|{_A}(?: \w+){{0,3}} (?:is|was|were|been|be) used[^.]{{0,40}}{_WRITE}[^.]{{0,40}}{_BID}"
    rf"|{_BID}[^.]{{0,60}}(?:{_WRITE}|\bus\w+)[^.]{{0,30}}\b{_A}",
    re.IGNORECASE,
)
"""AI as a tool in writing tenders, of which buyers want to be told."""
CARE = re.compile(
    r"\bclinic(?:s|al|ians?)?\b|\bpatient|\bradiolog|\bradiograph|\bdiagnos(?:tic|is|e)|\bx-?rays?\b|\bmammogra|\bultrasound"
    r"|\bstroke\b|\bcancer|\boncolog|\bpatholog|\bdermatolog|\bskin lesion|\bfracture|\bretin(?:al|opathy)|\bendoscop|\bmedical|\bhealth"
    r"|\bhospital|\bnurs(?:e|ing)\b|\bmedic(?:ine|ation)|\btriage\b|\bsurg(?:ery|ical)|\bNHS\b|\bMRI\b|\bCT\b|\btomograph|\bECG\b|\bcardi(?:ac|ology)|\bGP\b",
    re.IGNORECASE,
)
"""Words of health care."""
BODY = re.compile(
    r"\bNHS\b|\bhealth\b|\bhealthcare\b|\bhospitals?\b|\bintegrated care board\b|\bICB\b|\bambulance\b|\bmedical\b|\bclinical\b|\bgenomics\b"
    r"|\bcommissioning support\b|\bcare quality commission\b|\bpublic health\b|\bprimary care\b|\bbwrdd iechyd\b",
    re.IGNORECASE,
)
"""Words in the name of a buyer of health care."""
CPV_CARE = {
    "3311": "imaging equipment for medical use",
    "3312": "recording and exploration systems for medical use",
    "3315": "radiotherapy and other treatment devices",
    "3319": "medical equipment",
    "331": "medical equipment",
    "48180": "medical software",
    "48814": "medical information systems",
    "7224": "",
    "8511": "hospital services",
    "8512": "medical practice",
    "8514": "other health services",
    "8515": "medical imaging services",
    "851": "health services",
    "7311": "",
}
"""Codes of the Common Procurement Vocabulary, by their first digits; without words where they say nothing of care."""
BROAD = frozenset(
    [
        "accurx",
        "amd",
        "bt",
        "canon-medical-systems",
        "cera",
        "dedalus",
        "dell",
        "faculty",
        "ge-healthcare",
        "health-navigator",
        "healthcare-communications",
        "intel",
        "intersystems",
        "m-modal",
        "magentus",
        "medica-group",
        "medtronic",
        "microsoft",
        "mim-software",
        "mirada-medical",
        "nuance",
        "oneadvanced",
        "optos",
        "optum-emis",
        "oracle-health",
        "philips",
        "rapid-health",
        "raysearch-laboratories",
        "royal-college-of-radiologists-irefer",
        "salesforce",
        "samsung",
        "sectra",
        "siemens-healthineers",
        "sonic-healthcare",
        "synthesia",
        "t-pro",
        "tandem",
        "visiba",
        "webex",
        "x-on-health",
    ]
)
"""Makers in the catalogue who make much else: their name alone says little."""
NO_NAMES = frozenset(
    [
        "red dot",
        "smart triage",
        "health navigator ai coaching",
        "tortoise",
        "limbic",
        "help talk",
        "techcare alert",
        "contour+",
        "copilot",
        "faculty platform",
        "neu health",
        "viewfinder",
        "visual",
        "heidi",
        "dora",
        "mia",
        "pi",
        "viz",
        "derm",
        "vnc",
        "galen",
        "lyrebird",
        "psyomics",
        "synthesia",
        "synesthesia",
    ]
)
"""Names of products that are words of their own, too: they say something only beside words of AI."""
PLAIN = frozenset(["chest x-ray", "clinical note", "patient list triage"])
"""Names of products that are plain words of care, and say nothing."""
