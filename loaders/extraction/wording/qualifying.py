"""What words further on make of how far along something is said to be."""

import re

_FOR_NOW = re.compile(
    r"\b(?:for (?:now|the (?:time being|moment|present))|temporarily|pending|until further notice)\b",
    re.IGNORECASE,
)
_RESEARCH = re.compile(
    r"\b(?:only|solely|just|purely|exclusively|nobody but|no one but|none but|alone)\b[^.;]{0,60}\b(?:research|study|studies)\b|"
    r"\b(?:limited|restricted|confined|reserved|kept)\b[^.;]{0,60}\b(?:research|study|studies)\b|"
    r"\b(?:only|solely|exclusively|limited|restricted|confined)\b[^.;]{0,30}\b(?:participants|volunteers|(?:patients|people|women|men|those|them|anyone) (?:who (?:have|had) )?(?:been )?"
    r"(?:recruited|enrolled|consented|joined|randomi[sz]ed|signed up|taking part|agreed to take part))\b|"
    r"\b(?:under|within) (?:an? |the )?(?:[\w-]+ )?(?:research|study) protocol\b|"
    r"\b(?:only|solely|purely|exclusively|limited|restricted|confined)\b[^.;]{0,40}\b(?:in|within|for|to|of|under|inside) (?:the )?(?-i:[A-Z][A-Z][\w-]*) (?:clinical |research )?trial\b|"
    r"\b(?:limited|restricted|confined) to research\b|\bin (?:the |an? )?[\w -]{2,40}(?:trial|study) only\b|"
    r"\bfor research (?:only|purposes)\b|\bresearch[- ]only\b",
    re.IGNORECASE,
)
_TRIAL = re.compile(
    r"\bon a (?:trial|test|pilot) basis\b|\bas (?:part of )?(?:a|an) (?:[\w-]+ )?(?:pilot|trial)\b|"
    r"\((?:[^)]*\b)?(?:pilot|trial|trialling|piloting)\b[^)]*\)|\bin pilot\b|\bon trial\b|\b(?:in|as an?) (?:shadow|silent)\b|\b(?:shadow|silent|test) mode\b",
    re.IGNORECASE,
)
_OLD_DATA = re.compile(
    r"\b(?:on|with|over) (?:[\d,]+ |\w+ )?(?:anonymi[sz]ed|historic(?:al)?|retrospective|archived?|old|synthetic|dummy|test) (?:\w+ )?(?:scans?|images?|films?|x-rays?|data|records?|cases|slides|patients|mammograms|recordings|letters)\b",
    re.IGNORECASE,
)
"""What has no patient before it."""
_NOT_YET = re.compile(
    r"\b(?:not yet|yet to be) (?:in (?:\w+ )?use|used|live|gone live|started|deployed)\b",
    re.IGNORECASE,
)

_CAN = re.compile(
    r"\b(technolog(?:y|ies)|tools?|systems?|software|solutions?|products?|algorithms?|apps?|platforms?|devices?|AI\)?) (?:that|which) (?:can|could|will|would|may|might|should|aims? to|is (?:designed|expected|set|able) to)\b.*$",
    re.IGNORECASE | re.DOTALL,
)
"""What a thing can do is no plan to have it: "a tool that could help has been introduced"."""
_TO_JUDGE = re.compile(
    r"\b(?:to|for|when|while|by) (?:evaluat|test|assess|validat|compar|benchmark|train|simulat)\w* (?:how )?(?:the |this |its |their )?(?:[\w-]+ )?(?:AI|tools?|systems?|software|products?|algorithms?|models?|apps?|technology|accuracy|performance|it)\s*$",
    re.IGNORECASE,
)
"""With what something else is judged: "to evaluate the tool using"."""
_TRYING = re.compile(
    r"\b(?:(?P<trial>pilots?|trials?|proofs? of concept)|(?P<study>stud(?:y|ies)|research))(?: (?:programme|project|scheme|phase|run|study)s?)?,?\s*$",
    re.IGNORECASE,
)
"""What uses a thing only for a while: "a pilot programme using"."""
_OVER = re.compile(
    r"\b(?:has|have|had|was|were) (?:now |since |been )*(?:ended|finished|concluded|closed|completed|stopped|abandoned)\b|\b(?:ended|finished|concluded) (?:in|last|on)\b|\btook place\b",
    re.IGNORECASE,
)
"""What says that what was tried is over."""
_TO_COME = re.compile(
    r"(?!.*\b(?:under ?way|running|in progress|continu|begun|began|started)).*\b(?:will|would|could|may|might|is to|are to|due to|planned|expected)\b"
)
"""What says that a pilot has not begun."""


def tried(before: str, after: str) -> str | None:
    """How far along something is that is said to be used by a pilot or by a study; nothing where that is to come.

    >>> tried("a pilot programme ", "Lumo Scan is under way")
    'trialling'
    """
    by = _TRYING.search(before)
    if by is None:
        return None
    if _TO_COME.match(after):
        return ""
    if _OVER.search(after):
        return "ended"
    return "trialling" if by["trial"] else "research-only"


def qualified(status: str, said: str) -> str:
    """The status that a clause gives, with what it says further on."""
    if status == "ended" and _FOR_NOW.search(said):
        return "paused"
    if status == "live" and (_RESEARCH.search(said) or _OLD_DATA.search(said)):
        return "research-only"
    if status == "live" and _TRIAL.search(said):
        return "trialling"
    if status == "trialling" and _OLD_DATA.search(said):
        return "implementing"
    if status == "live" and _NOT_YET.search(said):
        return "implementing"
    return status


def without_powers(clause: str) -> str:
    """The words without what they say that a thing can do.

    >>> without_powers("a tool that could help")
    'a tool'
    """
    return _CAN.sub(r"\1", clause)


def judges(clause: str) -> bool:
    """Whether words say that something is judged, so that what is used for it is not what is meant."""
    return bool(_TO_JUDGE.search(clause))
