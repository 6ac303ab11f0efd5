"""What trusts answer to a request, in their words or in those of whoever asked."""

import re

REFUSED = re.compile(
    r"\b(?:refus(?:ed|es|ing)|declin(?:ed|es|ing)|withheld|withholding)\b|"
    r"\b(?:would|will|did) not (?:say|tell|name|list|disclose|share|identify|release)\b|"
    r"\b(?:naming|disclos\w+|releas\w+|identifying|listing|publi\w+|giving|revealing) [^.;]{2,60}? (?:would|could|might|was likely to|is likely to) (?:be likely to )?(?:harm|prejudice|damage|hurt|endanger|undermine|weaken|put)\b|"
    r"\b(?:relies|relied|relying|rests?|reliance) (?:up)?on (?:an? |the )?(?:FOI |FOIA )?(?:exemption|section \d+)|\b(?:kept|keeps?|keeping) (?:the |its |their )?"
    r"(?:names?|products?|suppliers?|details|particulars) (?:back|secret|to (?:it|them)sel(?:f|ves)|confidential)|"
    r"\b(?:citing|cited|invok\w+|appl(?:ied|ying)|under) (?:an? |the )?(?:FOI |FOIA )?(?:exemption|section \d+)|\bsection \d+\b[^.]*\bexempt",
    re.IGNORECASE,
)
UNABLE = re.compile(
    r"\b(?:unable|not able|cannot|could not|did not know how|was not in a position) (?:to )?(?:provide|specify|say|give|name|list|identify|itemise|supply|confirm which|tell (?:us|me|you|them) (?:which|what|how many))\b|"
    r"\b(?:did|does|do) not (?:know|record) (?:which|what)\b|\b(?:keeps?|kept|holds?|held|has|had|there (?:is|was)) no (?:central|single|complete|full|trust-wide) (?:list|record|register|inventory)\b",
    re.IGNORECASE,
)
LEFT_OPEN = re.compile(
    r"\bneither confirm(?:s|ed|ing)?,? n?or (?:den(?:y|ies|ied|ying))\b|"
    r"\b(?:refus|declin|reject|withh[eo]ld|turned down|turn(?:s|ing) down)\w*(?: to answer)? (?:(?:all of )?(?:the|our|its)|any part of the) (?:whole|entire|complete) \w+|"
    r"\bwhether (?:or not )?(?:it|they|the (?:trust|hospital)|any(?:thing)?) (?:\w+ )?(?:us(?:es?|ed|ing)|has|is|are|have)\b[^.;]{0,40}\b(?:cannot|could not|not (?:know|say|clear)|unclear|unknown|nobody)|"
    r"\b(?:would|did|could|will|does) not (?:say|tell us|confirm|know) (?:whether|if) (?:it|they|the (?:trust|hospital)|any(?:thing)?)\b",
    re.IGNORECASE,
)
"""What leaves open whether anything is used."""


_USES_AI = re.compile(
    r"\b(?:confirm\w*|said|says|stat(?:es|ed)|acknowledg\w+|admit\w*|accept(?:s|ed)|told [\w ]{2,12}|tells us|repli(?:ed|es)|answer(?:ed|s)?)\b(?:(?!\bnot?\b|n['\u2019]t\b|\bnever\b)[^.;]){0,30}"
    r"\b(?:us(?:es|ed|ing)|use) (?:of )?(?:any |clinical )*(?:AI|artificial intelligence)\b|"
    r"\b(?:confirm\w*|acknowledg\w+|admit\w*|accept(?:s|ed)|said|says|stat(?:es|ed)|repli(?:ed|es)|answer(?:ed|s)|told us) (?:yes,? )?(?:that )?(?:clinical |some )?(?:AI|artificial intelligence)(?: \w+){0,2} (?:is|was|are|were) (?:currently |now |already |being )?(?:in (?:\w+ ){0,2}use|used|deployed)\b|"
    r"\bconfirm\w* (?:that )?(?:it|they) (?:(?:currently|now|already|also) )?(?:uses?|(?:is|are) using)\b|"
    r"\bus(?:es|ing) (?:some |clinical )*(?:AI|artificial intelligence)\b,? (?:it|they|the (?:trust|hospital)) (?:says?|said|told us|tells us|confirm\w*|repli(?:ed|es)|answer(?:ed|s))\b",
    re.IGNORECASE,
)
OWN_USE = re.compile(
    r"\W*(?:(?:currently|now|already|does|do|is|are|yes,? it) )*us(?:es?|ing) (?:some |clinical )*(?:AI|artificial intelligence)\b",
    re.IGNORECASE,
)
"""How an entry begins that says of its trust that it uses something, if not what."""
_NO_AI = re.compile(
    r"\b(?:does|do|did|is|are|was|were) not (?:currently |yet )?(?:use|using|have) (?:any )?(?:clinical )?"
    r"(?:AI|artificial intelligence)\b(?! (?:for|to|from)\b)"
    r"(?! in (?!(?:diagnosis|treatment)\b|(?:patient|clinical|any|its|their|the) (?:\w+ )?(?:care|services?|work|way|setting|diagnosis|treatment)))|"
    r"\b(?:does|do|did) not (?:currently |yet )?use any (?:such|clinical AI|AI) (?:software|tools?|systems?|products?|technolog(?:y|ies)|thing)\b|"
    r"\b(?:chosen|decided) not to use (?:any )?(?:clinical )?(?:AI|artificial intelligence)\b|"
    r"\bno (?:clinical |such )?(?:AI|artificial intelligence)\b(?: \w+){0,2} (?:is|was|are|were) (?:currently |yet |being )?(?:in (?:clinical )?use|used|deployed)\b|"
    r"\b(?:uses|use|has|have) no (?:clinical )?(?:AI|artificial intelligence)\b",
    re.IGNORECASE,
)
_NO_ANSWER = re.compile(
    r"\b(?:(?:did|had|has|have) not (?:respond(?:ed)?|repl(?:y|ied)|answer(?:ed)?)|(?:gave|sent|made|received) no (?:reply|response|answer)|"
    r"(?:never|failed to|(?:is|are|has|have) (?:still |yet )*(?:yet |still )?to|chose not to) (?:respond(?:ed)?|repl(?:y|ied)|answer(?:ed)?)|"
    r"(?:heard|received|had|got) (?:nothing|no (?:word|reply|answer|response)) (?:back )?(?:at all )?from|(?:nothing|no (?:word|reply|answer|response)) (?:\w+ ){0,3}from|"
    r"(?:did|has|have) not (?:come|got|get|been) back to us|ignored (?:our|the) (?:request|letter|e-?mail|questions?)|(?:let|allowed) the deadline (?:to )?pass)\b(?![^.;]*\bcomment\b)",
    re.IGNORECASE,
)


_HOLDS = re.compile(
    r"\b(?:holds?|held|has|had) (?:the |this |such |some (?:of )?(?:the )?)?information\b",
    re.IGNORECASE,
)


def told(sentence: str) -> tuple[str, str]:
    """What a sentence says that somebody answered to a request, and how; empty where it says nothing."""
    if LEFT_OPEN.search(sentence):
        return "", ""
    if _NO_ANSWER.search(sentence):
        return "no-response", ""
    if _NO_AI.search(sentence):
        return "denies", ""
    if _HOLDS.search(sentence) and REFUSED.search(sentence):
        return "uses", "refused"
    if _USES_AI.search(sentence):
        return "uses", "refused" if REFUSED.search(
            sentence
        ) else "unable-to-specify" if UNABLE.search(sentence) else ""
    return "", ""
