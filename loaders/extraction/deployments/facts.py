"""What a sentence says of a deployment beside its status: since when, where, and for which field."""

import re

from careatlas.loaders.extraction.candidates import Deployment
from careatlas.loaders.extraction.gazetteer import Gazetteer
from careatlas.loaders.extraction.wording.days import day_at

_SINCE = re.compile(
    r"\b(?:since|starting (?:in|on)|dating (?:back )?(?:from|to)|from)\s+", re.IGNORECASE
)
_BEGAN = re.compile(
    r"\b(?:(?:went|gone|go|going) live|early adopters?|adopted|introduced|launched|installed|deployed|"
    r"implemented|rolled out|switched on|(?:has been|was|is|are) (?:live|in use)|use of [^.;]{2,50} (?:began|started)|"
    r"(?:started|began|begun) (?:using|to use|piloting|trialling|a (?:pilot|trial)))\b",
    re.IGNORECASE,
)
_ON = re.compile(
    r"\b(?:in|on|during|at)\s+(?=(?:the\s+)?(?:\w+[\s-]+){0,3}(?:20)?\d\d)", re.IGNORECASE
)
_PLACE = re.compile(
    r"\b(?:at|in|across|within|on)\s+(?:(?:its|the|their|both|all)\s+)*"
    r"(?P<site>(?:[\w'\u2019&-]+\s+){0,4}?(?:hospital|infirmary|hospitals|clinics?|departments?|wards?|units?|sites?|"
    r"A\s?&\s?E|outpatients|inpatients|scanners?|theatres?|laborator(?:y|ies)|surger(?:y|ies)))\b",
    re.IGNORECASE,
)
_BUILT_IN = re.compile(
    r"\b(?:integrated|embedded|connected|linked)\s+(?:in|into|with|to)\s+(?:(?:the|its|their|our)\s+)?"
    r"(?P<host>[^.,;()]+?)(?=\s+(?:to|and|as|so|since|for|which|where|at)\b|[.,;()]|\Z)",
    re.IGNORECASE,
)
_DOMAINS = {
    "radiotherapy": r"radiotherapy|radiation oncology|contouring",
    "breast": r"breast|mammogra\w+",
    "neurology": r"stroke|neuro\w*|thrombectomy|brain",
    "cardiology": r"cardi\w+|heart|coronary|echocardiogra\w+|arrhythmias?",
    "dermatology": r"dermatolog\w+|teledermatology|skin",
    "ophthalmology": r"ophthalm\w+|eye|retinal?|cataract",
    "gastroenterology": r"gastro\w+|endoscop\w+|colonoscop\w+|polyps?|bowel",
    "orthopaedics": r"orthopaedic\w*|fractures?|msk|bone age|knees?|musculoskeletal",
    "respiratory": r"respiratory|spirometry|bronchoscop\w+",
    "urology": r"urolog\w+|prostate",
    "pathology": r"(?:histo)?patholog\w+",
    "mental-health": r"mental health|psychiatr\w+",
    "primary-care": r"primary care|general practice|gps?",
    "physiotherapy": r"physiotherap\w+",
    "radiology": r"radiolog\w+|x-?\s?rays?|radiographs?|lung nodules?|imaging|chest",
    "administration": r"transcription\w*|dictation|scribes?|letters?|coding|administrati\w+",
}
_MODALITIES = {
    "MG": r"mammogra\w+",
    "CT": r"cts?|cta|computed tomography",
    "MR": r"mris?|magnetic resonance",
    "DX": r"x-?\s?rays?|radiographs?|cxrs?",
    "US": r"ultrasound|echocardiogra\w+|echo",
    "ES": r"endoscop\w+|colonoscop\w+|gastroscop\w+",
    "SM": r"(?:whole )?slides?|histopathology",
    "AU": r"ambient|scribes?|speech|dictation|transcription",
}


def fill(one: Deployment, around: str, names: Gazetteer) -> None:
    """Fill in since when, where and for what, as far as the words around a deployment say so."""
    own = one.found.words
    if one.status not in {"ended", "exploring"}:
        one.valid_from = one.valid_from or since(around)
    place = site(own)
    if place and not any(m.of("trust") for m in names.mentions(place)):
        one.site = one.site or place
    one.integrated_with = one.integrated_with or built_into(around)
    words = f"{own} {one.description}"
    one.specialty = one.specialty or specialty(words)
    one.modality = one.modality or modality(words)


def since(text: str) -> str:
    """The day, month or year from which on something holds; else empty.

    >>> since("Ashvale went live with it in May 2021")
    '2021-05'
    """
    for match in _SINCE.finditer(text):
        date = day_at(text, match.end(), min(match.end() + 24, len(text)))
        if date and not text[match.end() : date.start].strip(" the"):
            return date.written
    if not _BEGAN.search(text):
        return ""
    for match in _ON.finditer(text):
        date = day_at(text, match.end(), min(match.end() + 28, len(text)))
        if date and not text[match.end() : date.start].strip(" the"):
            return date.written
    return ""


def site(text: str) -> str:
    """Where in an organisation something is used; else empty.

    >>> site("uses Lumo in its emergency department")
    'emergency department'
    """
    match = _PLACE.search(text)
    return " ".join(match["site"].split()) if match else ""


def built_into(text: str) -> str:
    """The system that something is built into; else empty."""
    match = _BUILT_IN.search(text)
    return " ".join(match["host"].split()) if match else ""


def specialty(text: str) -> str:
    """The clinical field that words name, as the scheme of fields writes it; else empty."""
    return _first(_DOMAINS, text)


def modality(text: str) -> str:
    """The way of imaging that words name, as the scheme of ways writes it; else empty."""
    return _first(_MODALITIES, text)


def _first(words: dict[str, str], text: str) -> str:
    """The most special that is named; the wider come last in their list."""
    return next(
        (
            code
            for code, said in words.items()
            if re.search(rf"\b(?:{said})\b", text, re.IGNORECASE)
        ),
        "",
    )
