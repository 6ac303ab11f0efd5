"""The words that rules share: what is common speech in this field and so never a name by itself."""

import re
from collections.abc import Sequence


def words(text: str) -> frozenset[str]:
    """The words of a text that is nothing but a list of words."""
    return frozenset(text.split())


TOKEN = re.compile(r"[^\W_]+(?:['\u2019`][^\W_]+)*|&")

ORGANISATION_FILLER = frozenset(("nhs", "trust", "foundation", "the", "ft"))

CLINICAL = words("""a and abdominal acute age ai analysis angiography anomaly arrhythmia assessment assessments
    assist auto automated bone bowel brain breast bronchoscopy cancer cardiac cardiology chest check
    checks clinic clinical coding colonoscopy contour contouring coronary ct cxr decision
    dermatology detection diagnosis diagnostic dictation discharge documentation ecg echo
    echocardiography emergency endoscopy eye fracture head health heart imaging interpretation knee
    lesion lesions letter letters lung mammogram mammograms mammography message messaging mri msk
    neuro neurology nodule nodules note notes oncology ophthalmology orthopaedic paediatric pathology
    patient patients pelvic perfusion pet planning prioritisation prostate pulmonary radiology
    radiotherapy ray rays reconstruction record records referral report reporting respiratory retinal
    scan scans screening segmentation skin spine stroke summary support targeted teledermatology
    therapy thrombectomy transcription transcriptions treatment triage triaging ultrasound urgent
    videos virtual voice ward x xray""")
"""Parts of the body, ways of imaging and tasks."""

TOOLS = words("""ai ais algorithm algorithms app apps application assistant chatbot chatbots copilot llm llms model nlp
    package patch platform product products programme scribe service services software solution
    suite system systems technologies technology tool tools""")
"""What a described product is called that has no name."""

CLEVER = words(
    """ai ais algorithm algorithms ambient assistant avt chatbot copilot learning llm llms nlp scribe
    scribes"""
)
"""What a described product has to be called to be one of the kind that is meant here."""

GENERIC = (
    CLINICAL
    | TOOLS
    | words("""artificial based enhanced general intelligence learning machine medical new other
        powered regional some the trust various""")
)
"""A name made of these words alone is common speech."""

EMPTY = TOOLS | words("a an any artificial clinical currently daily intelligence some the various")
"""A description made of these words alone says nothing."""

PRONOUNS = words(
    "all anybody anything both each everybody everything he it its nobody nothing one she something that there these they this those use usage we what whatever where which whichever who whom whose why how"
)
PREPOSITIONS = words(
    """about across after although as at because before between by despite during following for from in on once over since
    thanks through throughout to towards under until up upon using via when where while with within"""
)
"""No name begins with one of these."""
WHEN_OR_WHERE = PREPOSITIONS | words(
    "all also confirms confirmed each every here last members next now of our patients says staff then there this"
)
"""What begins with one of these says when, where or of whom, and names nothing."""
SO_MANY = words("two three four five six seven eight nine ten several")

NOT_A_PRODUCT = re.compile(
    r"\b(?:polic(?:y|ies)|governance|strateg(?:y|ies)|frameworks?|steering|committees?|boards?|"
    r"guidance|guidelines?|business cases?|procedures? for|minutes|list|details|information)\b",
    re.IGNORECASE,
)

NOT_A_NAME = re.compile(
    r"\b(?:stud(?:y|ies)|trials?|pilots?|projects?|programmes?|agreements?|contracts?|partnerships?|memorand\w+|networks?|trusts?|"
    r"hospitals?|departments?|teams?|clinics?|staff|patients|EPR|electronic (?:patient|health) records?|operating model|boards?|"
    r"^(?:according|work|progress|use|talks|plans?|discussions?|negotiations?|installation|integration|implementation|testing|roll-?out|development|"
    r"access|support|interest|colleagues|doctors|nurses|radiologists|clinicians|managers|others?|results|figures)$|"
    r"(?:will|would|could|should|may|might|must|can|it|they|them|remember|likely|be|being)\b|services?$|reviews?|reports?|bids?|awards?|funds?|funding|training|meetings?|surveys?|licen[cs]es?)\b",
    re.IGNORECASE,
)
"""What a name that no catalogue knows is not, if it says so."""


_LONGEST = 5
"""A new name has no more words than this."""
_DATED = re.compile(
    r"(?:\d{1,4}(?:st|nd|rd|th)?|january|february|march|april|may|june|july|august|september|october|november|december|"
    r"spring|summer|autumn|winter|early|mid|late|since|from|until|to|of|in|[,/\u2013-]|\s)+",
    re.IGNORECASE,
)
"""A date is no name."""


def proper(head: str, parts: Sequence[str]) -> bool:
    """Whether words that no catalogue knows may be a name: a date or common speech is none."""
    return not _DATED.fullmatch(head) and (
        head[:1].isalnum()
        and head.split(maxsplit=1)[0] != head.split(maxsplit=1)[0].lower()
        and not all(w in GENERIC for w in parts)
        and len(parts) <= _LONGEST
    )
