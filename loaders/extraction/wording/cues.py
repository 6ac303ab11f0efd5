"""How far along something is by the cues of a clause, where no set phrase says so."""

import re
from collections.abc import Iterator

from careatlas.loaders.extraction.wording import lifecycle
from careatlas.loaders.extraction.wording.qualifying import qualified

_ENDED = re.compile(
    r"\bno longer\b(?! (?:being )?(?:pursued|considered|planned|sought|wanted|needed|on (?:the|our) (?:list|agenda)))|\b(?:dropped|abandoned|shelved|scrapped|axed|ditched|retired|withdrawn|discontinued|decommissioned|removed|"
    r"terminated|wound (?:up|down)|phased out|given up|(?:gave|given) (?:it |them |this |that |\u0416 )?up|switched off|turned off|taken out of (?:use|service)|stood down|"
    r"uninstalled|is (?:now )?history|parted with|got rid of|saw the back of|a thing of the past|(?:switched|turned) \u0416 off|had \u0416 [^.;,]{0,30}?until|(?:handed|sent|gave|given|returned) (?:it |them |\u0416 )?back|"
    r"(?:flirtation|experiment|association|spell|dalliance|relationship|affair|stint|dealings|time|run) (?:with|of) \u0416 (?:is over|ended|has ended|came to an end|did not last|was short|is at an end)|returned it|decided not to (?:buy|keep|continue|proceed|renew|extend|go on)|"
    r"(?:stopped|halted|ended|closed|cancelled|finished|concluded|completed|curtailed|cut short|broke off|called off|abandoned) (?:its|the|their|our|an?|that|this|all) (?:[\w-]+ ){0,2}(?:trial|pilot|use|evaluation|contract|licen[cs]e)s?|lapse|called (?:a halt|time)|parted (?:company|ways) with|put (?:a stop|an end) to|pulled (?:out|the plug)|walked away from|"
    r"said goodbye to|brought (?:\w+ ){0,4}to an end|returned to the supplier|lapsed|came to an end|come to an end|cancelled|"
    r"(?:was|were|has been|have been) (?:stopped|ended|replaced|superseded)|"
    r"(?:contract|licen[cs]e|pilot|trial|evaluation|use|subscription)s? (?:\w+ )?(?:has |have |was |were |had )?(?:ended|expired|lapsed|"
    r"finished|concluded|ran out|stopped|not renewed|not extended))\b|"
    r"\b(?:did|was|were) not (?:renew(?:ed)?|continue(?:d)?|extend(?:ed)?|carr(?:y|ied) on|go on with it|take(?:n)? (?:it |them )?(?:any )?(?:further|forward)|keep (?:it|them)|kept)\b",
    re.IGNORECASE,
)
_PAUSED = re.compile(
    r"\b(?:on hold|paused|suspended|in abeyance|halted|on ice|put on one side|stands? still|standing still|frozen|out of action|temporarily (?:stopped|withdrawn|off|out of)|"
    r"(?:switched off|stopped|out of (?:use|service))[^.;]{0,40}\b(?:for now|until|while|pending|for the (?:time being|moment)|temporarily)|mothballed|at a standstill|under suspension|interrupted|stalled)\b",
    re.IGNORECASE,
)
_RESEARCH = re.compile(
    r"\bresearch[- ](?:only|use|purposes|project|tool|setting)\b|\b(?:only|solely|purely|just|exclusively) (?:\w+ ){0,3}(?:research|stud(?:y|ies))\b|"
    r"\b(?:in|for|(?:confined|limited|restricted) to) research\b",
    re.IGNORECASE,
)
_TRIAL = re.compile(
    r"\b(?:pilot(?:s|ed|ing)?|trial(?:s|led|ling)?|was tried|being tried|(?:tried|tries|trying|try) (?:out|it|the|\u0416)|proofs? of (?:concept|value)|"
    r"test(?:s|ed|ing)|on test|shadow (?:mode|running|evaluation)|in shadow|running silently|silent mode|put (?:\w+ )?through its paces|"
    r"feasibility study|sandbox|taster|on loan|free trial)\b",
    re.IGNORECASE,
)
_INSTALLING = re.compile(
    r"\b(?:being (?:\w+ )?(?:installed|set up|configured|implemented|deployed|rolled out|integrated|connected|commissioned|fitted|introduced|"
    r"prepared|put in|brought in)|(?:installing|implementing|deploying|configuring|integrating|connecting|setting up|rolling out|commissioning|bringing in|fitting|linking up|hooking up|plumbing in|wiring in|readying|(?:getting|making) \u0416 (?:ready|fit))|"
    r"(?:installation|implementation|integration|configuration|mobilisation|roll-?out|deployment|onboarding|acceptance testing) (?:\w+ ){0,3}(?:is|are|has|have|began|begins|started|"
    r"under way|underway|in progress|continues)|under implementation|in (?:the )?(?:implementation|mobilisation|build)|not (?:yet )?(?:gone )?live|"
    r"installed,? (?:but|and) (?:\w+ ){0,3}not yet)\b",
    re.IGNORECASE,
)
_BOUGHT = re.compile(
    r"\b(?:bought|purchased|procured|acquired|ordered|licensed|(?:has|have) (?:already |now )?paid for|"
    r"(?:contract|deal|order|licen[cs]e|agreement|purchase)s? (?:\w+ ){0,4}(?:signed|awarded|placed|agreed|let|completed)|"
    r"(?:signed|awarded|placed|let|agreed) (?:\w+ ){0,3}(?:contract|deal|order|licen[cs]e|agreement)|"
    r"signed (?:up )?for|taken delivery|took delivery|has been delivered|on order|preferred (?:bidder|supplier))\b",
    re.IGNORECASE,
)
_LOOKED_AT = re.compile(
    r"\b(?:in (?:discussions?|talks|negotiations?|dialogue)|options? appraisal|business case|under (?:consideration|review|discussion|evaluation|assessment)|"
    r"(?:consider|evaluat|explor|assess|scop|investigat|review|weigh|apprais|discuss)(?:e?s|ing)|(?:is|are|being|been) (?:considered|evaluated|explored|assessed|investigated|reviewed|discussed)|"
    r"looking (?:at|into)|weigh(?:s|ed|ing) (?:up|the)|in two minds|market (?:testing|engagement)|shortlist(?:ed)?|demonstrations?|quotations?|"
    r"thinking (?:about|of)|exploratory|early stages?|soft market)\b",
    re.IGNORECASE,
)
NAME = "\u0416"
"""Stands in a clause for the names that it is about."""
_PLACED = r"(?:in|on|at|across|within|throughout|for|by)"
_KIND = r"(?:(?:daily|routine|regular|everyday|clinical|constant|live|full|active|normal|round-the-clock|continuous|general|day-to-day|heavy|frequent) )*"
_WORK = (
    r"(?:scans?|films?|x-rays?|images?|pictures?|slides?|letters?|patients?|cases?|studies|referrals?|photographs?|recordings?|examinations?|"
    r"biops(?:y|ies)|mammograms?|ECGs?|calls?|samples?)"
)
"""What passes through a product where it is used."""
_AS_SUBJECT = re.compile(
    r"\b(?:(?:is|are|has been|have been|was put|went|came|comes|put|brought|taken|remains?|continues?|stays?|now|been|still) (?:\w+ ){0,2}(?:in|into) "
    + _KIND
    + r"(?:use|service|operation|action|practice|production)|"
    r"(?:is|are|been|now|fully|went|gone|well|remains?|stays?) (?:\w+ )?(?:live|embedded|established|bedded in|operational|up and running|at work|in place|business as usual|standard|routine|"
    r"switched on|turned on|working|up.and.running|running|built into|relied (?:up)?on|used|deployed|second nature|indispensable)|"
    r"a (?:\w+ )?(?:fixture|mainstay|staple) (?:of|in|at)|"
    r"(?:a |an )?(?:\w+ )?(?:part|feature) of (?:(?:the|its|our|their) )?(?:everyday|daily|routine|ordinary|normal|standard|usual|regular|furniture|pathway|workflow|working day)|"
    r"(?:came|arrived) (?:to|in|at|on) (?:its|the|our|their|both|all) (?:[\w-]+ ){0,3}(?:departments?|wards?|clinics?|hospitals?|sites?|units?|scanners?)\b"
    r"(?!['\u2019]|[^.;]{0,40}\b(?:for (?:an?|two|three|four|six|\d+) (?:days?|weeks?|months?)|to (?:show|demonstrate|present)))|"
    r"(?:runs?|works?|sits?|operates|serves) (?:\w+ )?"
    + _PLACED
    + r"|(?:goes|carries|carried|gone|going) on (?:as|un|with)|(?:continues?|continued) (?:to (?:be|run|work|read|serve|perform|do)|as|un|in)|"
    r"(?:has|have) been (?:\w+ )?(?:with (?:us|them)|reading|checking|running|working|helping|analysing|marking|flagging|sorting|supporting|drafting|triaging))\b",
    re.IGNORECASE,
)
"""What is said of a product that is used."""
_AS_OBJECT = re.compile(
    r"\b(?:(?:rel(?:y|ies|ied)|depend(?:s|ed)?|draws?|leans?|swears?|calls?) (?:\w+ )?(?:up)?(?:on|by) (?:the )?NAME|"
    r"(?:go(?:es)?|pass(?:es)?|runs?|are (?:read|put|fed|sent|run)|is (?:read|put|fed|sent|run)|put|read|routed) (?:\w+ )?(?:through|by|into|past|via) NAME|"
    rf"{_WORK}\b(?: [^.;,]{{1,40}}?)? (?:is|are|has been|have been) (?:now |all |being )*(?:going|passing|passed|put|run|fed|sent|routed) (?:through|past|via) NAME|"
    rf"(?:puts?|putting|sends?|sending|feeds?|feeding|passes|passing) [^.;,]{{0,30}}?{_WORK}\b[^.;,]{{0,20}}? through NAME|"
    r"(?:has|have) (?:\w+ )?(?:put|fitted|switched on|turned on|embedded) NAME (?:on|in|into|across|to (?:use|work))|"
    r"(?:put|took|taken|brought|brings) NAME into (?:\w+ )?(?:use|service|operation|action)|"
    r"(?:has|have) (?:\w+ )?(?:resumed|restarted|reintroduced|reinstated|gone live with|gone over to|taken up) (?:(?:its|their|the) use of )?NAME|"
    r"[\w.)]: NAME (?:\([^)]*\) )?(?:in|on|at|for|across) [^.;:]{2,60}? since\b|"
    r"\b(?:up-and-running|in (?:\w+ )?use|live|at work|in service|running) (?:in|at|on|across|since|for|here)\b[^.;:]{0,60}:\s*NAME|"
    r"works? with NAME (?:every|each|day|daily|round|all|on (?:all|every|each))|"
    r"(?:now|all|every|each|always) (?:reports?|reads?|checks?|screens?|triages?|measures?|drafts?|writes?|contours?|sorts?|reconstructs?) [\w -]{2,40} (?:with|using) NAME|"
    r"(?:is|are) (?:\w+ly |now |all )?(?:written|drafted|read|reported|checked|drawn|contoured|measured|transcribed|typed|dictated|triaged|sorted|reconstructed|screened) (?:\w+ )?(?:with|by|using|through) NAME|"
    r"(?:pass|go|passes|goes|passed|gone) (?:under|past|before) (?:the eyes? of )?NAME|"
    r"(?:went over|switched|turned|turns?|gone over) to NAME|would not be without NAME|(?:replaced|swapped) (?:it|them|that|this) (?:with|by|for) (?:the )?NAME|(?:is|are|been|were|now) (?:\w+ )?(?:helped|assisted|supported|aided|read|checked|screened|triaged|reviewed|backed) (?:\w+ )?by NAME|(?:equipped|fitted|kitted out) with NAME|make?s? (?:\w+ )?use of NAME|"
    r"(?:has|have) (?:\w+ )?(?:had )?NAME (?:(?:up and )?running|in place|in (?:\w+ )?use|in (?:its|their|our|all|both|the)|on (?:all|both|its|their|our)|live|at work|since|at its)|"
    r"use of NAME\b[^.;,]{0,40}? (?:has |is |was )?(?:\w+ )?(?:continues|goes on|resumed|established|routine|restarted)|"
    r"(?:has|have|runs?|uses?) (?:now )?(?:two|three|four|five|six|\d|several) (?:[\w-]+ ){0,3}(?:tools|products|systems|algorithms|applications)"
    r"(?: (?:in use|live|on the go|at work|running|in place))?\s*:\s*NAME)".replace("NAME", NAME),
    re.IGNORECASE,
)
"""What is said of an organisation that uses a product."""
_OBLIQUE = re.compile(
    r"\b(?:of|for|over|about|on|to|with|by|from|around|behind|like|than|against|towards?|without|regarding|concerning|including|into|via|through)\s+(?:the\s+)?"
    + NAME
)
_NOT_THERE = re.compile(
    r"\b(?:runs?|works?|sits?|operates|put|in|on) [^.;,]{0,40}?\b(?:cloud|servers?|box(?:es)?|browser|web|hardware|smartphone|background|store|shelf|drawer|"
    r"registers?|lists?|shortlist|agenda|plans?(?! (?:a|per|each|every)\b)|strateg(?:y|ies)|budgets?|roadmaps?|pipeline|bids?|wish|proposals?|thoughts?|paperwork|polic(?:y|ies)|documents?|catalogues?|tenders?|calendar|diary|forecasts?|prospectus|vision|ambitions?|priorities|programme of work|minutes|spreadsheet|newsletter|conference|presentation|website|sights?|minds?|radar|table|theory|principle|brochure|paper)\b",
    re.IGNORECASE,
)
"""A place that is not one of use."""
_OF_OTHERS = re.compile(
    rf"\b(?:whose|elsewhere\b[^.;]*|where else) ?(?:the )?{NAME}|\b{NAME}[^.;]*\belsewhere\b",
    re.IGNORECASE,
)
"""What is said of a thing where somebody else has it."""
_WORKS = re.compile(
    NAME
    + r"[^.;]{0,40}?\b(?:reads?|checks?|sorts?|handles?|processes|analyses|flags?|marks?|triages?|covers?|sees?|supports?|screens?|drafts?|prepares?|writes?|outlines?|"
    r"looks? at|goes through|go through|helps?|picks? out|measures?|serves?)\b[^.;]{0,80}?(?:\d[\d,]*\b[^.;]{0,40}\b(?:a|per|each|every) "
    r"(?:day|week|month|year|night|shift)|\b(?:our|its|their)\b|\b(?:here|there)\b)",
    re.IGNORECASE,
)
"""What something does is use only with a number, or where it is said for whom."""
_VERBLESS = re.compile(
    NAME
    + r"(?: \([^()]*\))?(?:,| \u2013| -|:)? (?:now |still |already |currently |fully |also )*(?:(?P<live>live(?! (?:by|demo\w*))|in "
    + _KIND
    + r"(?:use|service))|(?P<implementing>(?:in|under) (?:set-?up|installation|implementation|build|mobilisation))|(?P<paused>paused|on hold|suspended)|"
    r"(?P<ended>withdrawn|switched off|decommissioned|went off|was binned|binned|dropped))(?=\s*(?:$|[.;,(])|\s+(?:on|in|at|across|since|for|from|with|under|until)\b)",
    re.IGNORECASE,
)
"""How far along a thing is, said without a verb: "Lumo live on both sites"."""
_CHANGE = re.compile(
    r",?\s+(?:and|but|before|until|though|although|while|when|because|so that|where|whereas|after|if)\b\s*(?=(?:[a-z']+ ){0,4}[a-z'])",
)
_PAIRED = re.compile(
    r"\b(up|day|tried|over|on|here) and (running|night|tested|over|off|there)\b", re.IGNORECASE
)
_FORMERLY = re.compile(
    r"\bonce (?=(?:used|in use|live|deployed|popular|relied|employed|trialled|piloted|an?)\b)",
    re.IGNORECASE,
)
_WHEN = re.compile(r",?\s*(?:before|while|when|because|where|after|if)\b", re.IGNORECASE)
_UNREAL = re.compile(
    r"\b(?:would|could|may|might|should|if|whether|ask(?:ed|s|ing)?|invite[ds]?|offer(?:ed|s|ing)?|next)\b",
    re.IGNORECASE,
)
_NOT_USED = re.compile(
    r"\bnot (?:\w+ ){0,3}(?:used|in use|using|live|switched on|running|start\w*|go(?:ne)? live)\b|\b(?:never|nobody|no one) (?:\w+ )?us(?:ed|es)\b|"
    r"\b(?:sits?|stands?|lies) (?:idle|unused)\b|\bunused\b|\bn[o']t (?:yet )?been (?:used|switched)\b",
    re.IGNORECASE,
)
_IDLE = re.compile(
    r"\b(?:deployed|installed|implemented|in place|set up|available|there|connected|switched on|(?:sits?|sitting|sat|stands?|standing|lies|lying) (?:in|on|at))\b[^.;]{0,60}?"
    r"\b(?:but|though|although|yet|and|while)\b[^.;]{0,60}?\b(?:(?:not|never|nobody|no one|isn['\u2019]t) (?:[\w-]+ ){0,3}(?:in use|used|uses|using)|"
    r"unused|(?:sits?|stands?|lies) idle|no(?:body| one| clinician| staff) (?:\w+ )?uses?)\b|"
    r"\b(?:sits|stands|lies|sitting|standing|lying) (?:idle|unused)\b",
    re.IGNORECASE,
)
"""What is there and nobody uses it."""
_AGREED = re.compile(
    r"\b(?:approved|agreed|proposed|requested|rejected|turned down|authorised|offered|suggested|mooted|supported)\b",
    re.IGNORECASE,
)
"""A trial that was agreed has not begun."""
_TO_BEGIN = re.compile(
    r"\b(?:(?:is|are|was|were|now) (?:now |currently |still )?(?:due|expected|planned|scheduled|set|to|likely|meant|proposed|about|yet)(?: to)?(?: be)? "
    r"(?:for|begin|start|commence|run|open|follow|take place|launch|held|get)\b|(?:will|would|should|could|may|might|can) (?:\w+ )?(?:begin|start|commence|run|open|follow|take place)\b|"
    r"never (?:took place|happened|began|started|got)|did not (?:take place|happen|begin|start|go ahead)|fell through|failed (?:its|the|our|their) (?:[\w-]+ )?(?:tests?|trial|evaluation)s?|"
    r"(?:begins|starts|opens|commences) (?:in|on|next|this|later|after|once)\b|(?:has|have) (?:not|yet)(?: to)? (?:yet )?(?:beg[iu]n|start(?:ed)?))",
    re.IGNORECASE,
)
"""What says of a trial that it is still to come."""
_FOR_NOW = re.compile(
    r"\b(?:(?:switched|turned) \u0416 off|switched off|stopped|out of (?:use|service)|withdrawn|halted|turned off)\b[^.;]{0,40}\b(?:for now|while (?:the|a|an|it|its)|pending|for the (?:time being|moment)|"
    r"temporarily|until further notice)\b",
    re.IGNORECASE,
)
_STEPS = (
    ("paused", _PAUSED),
    ("ended", _ENDED),
    ("research-only", _RESEARCH),
    ("implementing", _INSTALLING),
    ("trialling", _TRIAL),
    ("procured", _BOUGHT),
    ("exploring", _LOOKED_AT),
)


def _steps(said: str) -> Iterator[str]:
    """What a clause says one thing after another, without what says only when or why."""
    said = _FORMERLY.sub("formerly ", said)
    said, at = _PAIRED.sub(r"\1-and-\2", said), 0
    for match in _CHANGE.finditer(said):
        if match.start() > at and not _WHEN.match(said, at):
            yield said[at : match.start()]
        at = match.start()
    if not at or not _WHEN.match(said, at):
        yield said[at:]


def idle(said: str) -> str:
    """The status of what is there and, as the words say, not used; empty where they do not."""
    match = _IDLE.search(said)
    waits = match and ("yet" in match[0].casefold() or lifecycle.planned(said[: match.start()]))
    return "deployed-not-used" if match and not waits else ""


def unused(said: str) -> bool:
    """Whether words say further on that nobody uses what they speak of."""
    return bool(_NOT_USED.search(said))


def unbegun(said: str) -> bool:
    """Whether words say further on that a trial is still to come or never was."""
    return bool(_TO_BEGIN.search(said))


def judged(said: str) -> str:
    """The status that the cues of a clause give to what it names; empty where they give none.

    >>> judged(f"{NAME} is a fixture of the chest clinic")
    'live'
    >>> judged(f"{NAME} was tried for a winter and then dropped")
    'ended'
    >>> judged(f"{NAME} could become a fixture of the chest clinic")
    ''
    """
    if _IDLE.search(said):
        return idle(said)
    if (stop := _FOR_NOW.search(said)) and not lifecycle.planned(said[: stop.start()]):
        return "paused"
    first = ""
    for step in _steps(said):
        status = _judged(step)
        if status == "ended":
            return status
        first = first or status
        if not first and (lifecycle.negated(step) or lifecycle.planned(step)):
            return ""
    if first == "trialling" and (_TO_BEGIN.search(said) or lifecycle.shown(said)):
        first = ""
    if first in {"live", "procured", "trialling"} and _NOT_USED.search(said):
        return {"live": "", "procured": "procured"}.get(first, "")
    if not first and qualified("live", said) == "research-only" and not lifecycle.negated(said):
        first = "research-only"
    return qualified(first, said) if first == "live" else first


def _noted(step: str) -> str:
    """The status that stands right after a name without a verb; empty where none does."""
    match = _VERBLESS.search(step)
    if match is None or lifecycle.negated(step[: match.start()]) or lifecycle.later(step):
        return ""
    return next(status for status, said in match.groupdict().items() if said).replace("_", "-")


def _judged(step: str) -> str:
    if status := _noted(step):
        return status
    for status, cues in _STEPS:
        match = cues.search(step)
        if not match:
            continue
        before = step[: match.start()]
        no = lifecycle.negated(before if status in {"ended", "implementing"} else before + match[0])
        hoped = _UNREAL.search(before) if status == "exploring" else lifecycle.planned(before)
        no = no or (status == "trialling" and bool(_AGREED.search(step)))
        if status == "ended":
            hoped = lifecycle.planned(step)
        elif status != "exploring":
            hoped = hoped or lifecycle.later(step)
        return "" if no or hoped else status
    unreal = lifecycle.negated(step) or lifecycle.planned(step) or lifecycle.later(step)
    unreal = unreal or bool(_OF_OTHERS.search(step))
    if unreal or _NOT_THERE.search(step) or re.search(NAME + r"['\u2019]", step):
        return ""
    after = step[max(step.find(NAME), 0) :]
    subject = _AS_SUBJECT.search(after) and not _OBLIQUE.search(step)
    return "live" if subject or _AS_OBJECT.search(step) or _WORKS.search(step) else ""
