"""Whether a document tells what was answered to a request, and what follows for those that it tells of."""

import re
from collections.abc import Sequence
from dataclasses import replace

from careatlas.loaders.extraction.candidates import Candidates, Disclosure
from careatlas.loaders.extraction.organisations.parties import Told

_REQUEST = re.compile(
    r"\bfreedom of information\b|\bFOIA?\b|\binformation requests?\b|"
    r"\b(?:wrote to|asked|surveyed|questioned|sent (?:a|our|the) (?:\w+ )?(?:questions?|questionnaire|survey|letter) to) (?:[\w-]+ ){0,4}(?:trusts|hospitals|organisations)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:boards?|bulletins?|newsletters?|minutes|committees?|steering|programme report|round-?up|network)\b",
    re.IGNORECASE,
)
"""What a document is called that answers nobody, unless it speaks of a request."""
_HEAD = 3
_USED = frozenset(("live", "trialling", "implementing", "paused", "research-only"))
SURE = 0.6


def settled_answers(found: Candidates, told: Sequence[Told], title: str) -> None:
    """Let what is used stand for a yes where trusts were asked, and for no answer where nobody was."""
    asked = any(_REQUEST.search(one.text) for one in told)
    heads = [title, *(one.text for one in told[:_HEAD])]
    if not asked and any(_OTHER.search(head[:100]) for head in heads):
        found.disclosures = [
            one for one in found.disclosures if not one.found.rule.startswith("own-words")
        ]
    listed = any(one.found.rule.startswith(("list:", "table")) for one in found.disclosures)
    if not asked or listed:
        return
    answered = {one.trust.entities for one in found.disclosures}
    for one in found.deployments:
        if one.status in _USED and one.trust.of("trust") and one.trust.entities not in answered:
            answered.add(one.trust.entities)
            spot = replace(one.found, rule="names-what-is-used", confidence=SURE)
            found.disclosures.append(Disclosure(one.trust, "uses", "", "", one.reported, spot))
