"""The words that say how far along something is, each with the status that it gives."""

import re

_ACTIVE = {
    "ended": r"no longer us(?:es?|ing)|stopped using|ceased (?:using|use of)|used to use|"
    r"(?:used|ran|relied on)(?= [^.;]{2,80}\b(?:until|before (?:switching|moving|changing|the (?:contract|licence|trial|pilot)))\b)|"
    r"used(?= [^.;\d]{2,60}\b(?:from|between) (?:(?-i:[A-Z])\w+ )?20\d\d (?:to|until|till|and) (?:(?-i:[A-Z])\w+ )?20\d\d\b(?![^.;]*\d[\d,]*\s+[a-z]))|"
    r"(?:had|has|have) (?:bought|procured|purchased)(?= [^.;]{2,60}\b(?:lapsed|expired)\b)|"
    r"(?:was|were) using(?= [^.;]{2,80}\b(?:until|before)\b)|withdrew|retired|dropped|abandoned|"
    r"(?:has |have )?(?:ended|halted|concluded|finished|cut short|broke off|called off|curtailed|wound up|gave up|given up|discontinued|stopped) (?:its |the |their |our |an? |all )?(?:[\w-]+ )?(?:use|pilot|trial|evaluation|contract|licen[cs]e|subscription)s? (?:of|for|with)|"
    r"(?:contracts?|licen[cs]es?) for(?= [^.;]{2,60}\b(?:expired|lapsed|ended|(?:was|were) not renewed)\b)|had (?:previously |once )?been using|"
    r"(?:(?:had|has|have) )?(?:trialled|piloted|tested|tried|used)(?= [^.;]{2,80}\b(?:and|but|then|before) "
    r"(?:(?:then|has|have|had|since|later) )*(?:stopped|ended|withdr[ae]w\w*|abandon\w*|discontinued|decided against|"
    r"did not (?:proceed|continue)))|"
    r"(?:pilots?|trials?|evaluations?|proofs? of concept) (?:of|with)(?= [^.;]{2,60}\b(?:(?:was|were|has|have|had) "
    r"(?:been )?)?(?:ended|finished|concluded|closed|completed|stopped|discontinued|abandoned|came to an end)\b)|"
    r"use of(?= [^.;,]{2,80}?\b(?:ended|stopped|ceased|(?:was|has been) (?:stopped|ended|discontinued)|came to an end)\b)|(?:formerly|previously) used|(?:has |have )?(?:decommissioned|discontinued|withdrawn|switched off)",
    "paused": r"(?:has |have )?(?:paused|suspended)(?: (?:its |the )?use of)?|"
    r"put (?:its |the |their )?(?:use|pilot|trial|roll-?out) of(?= [^.;]{2,60}? on hold)",
    "trialling": r"(?:conduct|runn|carry|undertak|start|beginn)ing (?:out )?(?:an? )?(?:[\w-]+ ){0,2}"
    r"(?:pilot|trial)s?(?: (?:study|project|programme))?(?: of| with)?|"
    r"(?:started|begun|began|launched|opened) (?:an? |the |its )?(?:[\w-]+ ){0,3}?(?:pilot(?:ing)?|trial(?:l?ing)?)(?: of| with)?|"
    r"pilot(?:ing|s)(?: of)?|(?:has|have) (?:piloted|trialled)|trial+ing|trials(?= (?-i:[A-Z]))|testing",
    "_trialling": r"(?:the |one of the )?first [^.;]{0,40}?\bto (?:pilot|trial|test)|(?:pilots?|trials?|proofs? of concept) of(?= [^.;]{2,80}\b(?:(?:is|are) (?:now |currently |still )?"
    r"(?:under ?way|running|in progress|continuing|ongoing)|(?:has|have) (?:begun|started|been extended)|began|started|continues?))|"
    r"(?:extending|extended|continuing|continued) (?:its|the|their) (?:pilot|trial)s? of|"
    r"(?:taking part in|hosting|joined) (?:an? |the )(?:[\w-]+ ){0,3}(?:pilot|trial)s? of",
    "_idle": r"(?:has|have|owns?)(?= (?-i:[A-Z])[^.;]{2,50}? but (?:does|do) not use)",
    "implementing": r"(?:mid-?way|half-?way|part-?way) through (?:the |its )?(?:roll-?out|installation|implementation|introduction) of|"
    r"(?:begun|started|began) (?:the |its )?(?:roll-?out|installation|implementation|deployment) of|(?:work|preparations?) (?:is|are|has|have) (?:now |well |already )*(?:under ?way|begun|started|going on|in progress) (?:to (?:install|set up|implement|deploy|introduce|connect|integrate|roll out)|on (?:installing|the (?:installation|roll-?out|introduction|implementation) of))|setting up|implementing|deploying|rolling out|installing|introducing|"
    r"onboarding|mobilising|preparing to go live with|in the process of (?:adopting|bringing in)",
    "exploring": r"(?:has |have )?shortlisted (?:[\w-]+ ){0,4}(?:suppliers?|vendors?|products?|firms?|compan(?:y|ies)|bidders?) for|(?:evaluation|assessment) of|(?:is |are )?(?:evaluating|reviewing|exploring|considering|assessing|"
    r"investigating|scoping|weighing up|looking (?:at|into))(?: the use of| use of)?|explores|evaluates|"
    r"in (?:talks|discussions|negotiations)(?: with [^.;,]{2,40}?)? (?:about|over|on)",
    "procured": r"(?:has|have) (?:(?:also|now|recently|since|just|already) )?(?:procured|purchased|bought|acquired)|"
    r"(?:has |have )?signed (?:an? )?(?:[\w-]+ )?(?:contract|deal|agreement)(?: with [^.;,]{2,40}?)? for|"
    r"(?:has |have )?awarded (?:it |them )?(?:an?|the) (?:[\w-]+ ){0,3}contract(?: to [^.;,]{2,40}?)? (?:for|to supply)|"
    r"(?:has |have )?placed an order for|orders? for(?= [^.;]{2,60}?\b(?:was|were|has been|have been|is) placed\b)|(?:has|have) taken delivery of|(?:has |have )?commissioned(?= (?-i:[A-Z]))|signed up (?:to|for)(?: [^.;,]{0,60}?(?:licen[cs]e|contract|deal) for)?|(?:got|obtained|sourced|bought|purchased|procured)(?= (?-i:[A-Z]))|(?:chose|chosen|selected|picked|opted for)(?= (?:the )?(?-i:[A-Z]))",
    "live": r"(?<!\d )(?<!\dk )(?<!\dm )uses(?= )|using|utili[sz](?:es|ing)|employs|relies on|"
    r"(?:we|they|staff|teams|clinicians) (?:(?:currently|now|also|all) )?use|(?:(?:has|have) )?(?:built|deployed|introduced|rolled out|adopted|implemented|launched|installed)|"
    r"(?:has |have )?(?:completed|finished) (?:its |the |their |our )?(?:roll-?out|installation|implementation|deployment|introduction) of|"
    r"(?:gone|went|going|goes|(?:is|are|has been|have been)(?: (?:now|already|currently|also))?) live (?:(?:in|on|at|from|during) [^.;,]{2,40}? )?with|(?:started|begun|began) using|"
    r"early adopters?(?: (?:in|since) [\d/]+)? of|also (?:indicated|reported|mentioned)|"
    r"(?:has|have) in (?:clinical |routine )?use|(?:both|all|each) use(?= )|(?:has|have) (?:also |now )?used(?! to)|"
    r"(?<!to )(?<!the )(?<!of )(?<!in )(?<!can )(?<!for )(?<!its )(?<!our )(?<!their )(?<!and )use(?= (?:the )?(?-i:[A-Z]))|"
    r"(?:started|began|begun|continues?|continued) to use|makes? use of|runs(?= (?-i:[A-Z]))|running(?= (?-i:[A-Z]))|"
    r"with the (?:help|support|aid) of(?= (?:the )?(?-i:[A-Z]))|used(?= (?-i:[A-Z])[^.;]{2,60}?\b(?:on|for|to|in)\b[^.;]{0,20}?\d)|"
    r"(?:the |one of the )?(?:first|(?:latest|newest|next|second|third) (?:[\w-]+ ){0,2}?(?:trust|hospital|organisation|provider|site|service)s?) [^.;]{0,40}?\bto (?:use|adopt|deploy|introduce|install|implement|go live with|take up|roll out)|"
    r"(?<=never )used(?= )|(?:do|does) (?:indeed )?use(?= )|users of(?= (?-i:[A-Z]))|(?:has been |is |was )?(?:an? )(?:[\w-]+ )?user of|(?:ran|put|passed) \d[\d,]* [\w-]+ (?:[\w-]+ )?through|ran(?= (?-i:[A-Z])[^.;]{2,40}? on \d)|"
    r"(?:has |have )?(?:extended|expanded)(?= (?-i:[A-Z])[^.;,]{2,40} to (?:its|the|their|all|more|another|an?|every)\b)|"
    r"(?:extended|expanded|increased|widened|continued) (?:its |the |their )?use of|(?:has |have )?kept(?= (?:the )?(?-i:[A-Z])[^.;,]{0,40}(?:$|[.;,]| and\b| in\b| for\b))|benefit(?:s|ing|ed)? from(?= (?-i:[A-Z]))|"
    r"(?:has|have)(?= (?:(?-i:[A-Z])[\w-]*,? (?:and )?){1,6}in (?:place|use))|"
    r"(?:has |have )?(?:brought|put)(?= [^.;,]{2,60}? into (?:clinical |routine )?(?:use|service|operation)\b)|(?:has |have )?(?:switched on|turned on|brought in)(?= )|adopts(?= )",
}
_PARTICIPLES = {
    "live": "(?:the|our|its|their) (?:routine|standard|first-line|default|usual) (?:way|method|means|tool|system|software|reader|practice|approach)|used|switched on|turned on|introduced|launched|brought into use|in (?:\\w+ )?use|live|deployed|rolled out|installed|in place|operational|adopted|running(?= (?:at|in|on|across)\\b)|run(?= (?:for|at|in|on|across)\\b)",
    "trialling": "piloted|trialled|tested|tried(?: out)?(?= (?:at|in|by|on)\\b)|(?:in|on|under) (?:trial|pilot)",
    "implementing": "implemented|set up|being installed|being rolled out|being deployed",
    "exploring": "evaluated|reviewed|explored|considered|under (?:evaluation|review)",
    "paused": "paused|suspended|on hold",
    "ended": "decommissioned|withdrawn|discontinued|no longer used|(?:taken|phased|pulled|brought) out(?: of (?:use|service|action|operation))?|retired|stood down|uninstalled|scrapped",
    "procured": "procured|purchased|bought",
}
_NOTED = {
    "live": "live|(?:in )?(?:routine |clinical )?use|deployed|operational",
    "trialling": "(?:in |on |under )?(?:pilot|trial|piloting|trialling|being (?:piloted|trialled))",
    "implementing": "implementing|being (?:set up|implemented|installed|rolled out)|rolling out|in implementation",
    "exploring": "(?:under )?(?:evaluation|review|consideration)|evaluating|being (?:evaluated|assessed)",
    "paused": "paused|on hold|suspended",
    "procured": "procured|purchased|contract signed",
    "ended": "ended|stopped|retired|decommissioned|withdrawn|no longer (?:in use|used)",
}
"""What stands after a name and a colon."""
_BE = r"\b(?:is|are|was|were|remains?|stays?|has been|have been|been)\s+(?:(?:currently|now|also|being|actually|still|already|widely|not|yet|only|both|all|each)\s+)*"
TRIGGER = re.compile(
    "".join(
        rf"(?P<w_heads_{status}>(?-i:(?<=[.;] )|(?<=[.;]  ))(?-i:(?=[A-Z]))(?:now |currently |still )?(?:{words})(?=\s*(?:$|[.;,(])|\s+(?:in|since|on|at|from|until|as|across)\b))|"
        for status, words in _NOTED.items()
    )
    + "|".join(f"(?P<a_{status}>\\b(?:{words})\\b)" for status, words in _ACTIVE.items())
    + "|"
    + "|".join(f"(?P<p_{status}>{_BE}(?:{words})\\b)" for status, words in _PARTICIPLES.items())
    + "".join(
        rf"|(?P<n_{status}>\s*[:\u2013-]\s+(?:currently |now |in )?(?:{words})(?=\s*(?:$|[.;,)]|(?:since|at|in|on|across)\b)))"
        for status, words in _NOTED.items()
    )
    + "".join(
        rf"|(?P<a_heads_{status}>(?-i:(?<=[.;:] )|(?<=[.;:]  )|(?<=\n)|(?<=\n )|(?<=\n  )|^)(?-i:(?=[A-Z]))(?:now |currently )?(?:{words})"
        r"(?: (?:in|since|from|on|by|at) [^:.;,]{2,20})?\s?:\s+)"
        for status, words in _NOTED.items()
    )
    + r"|(?P<a_same>\b(?:as|and so|just as) (?:it|they|we|the trust) (?:also )?(?:does|do|has|have|is|are)(?: with| for)?(?= (?:the )?(?-i:[A-Z])))"
    + r"|(?P<w_procured>\b(?:has |have )?(?:placed an order|signed (?:an? )?(?:[\w-]+ )?(?:contract|deal|agreement))\b"
    r"(?! (?:for|to)\b)(?! with [^.;,]{2,40}? for\b))"
    + r"|(?P<w_trialling>\b(?:(?:has|have) )?(?:started|begun|began) (?:an? |its |their )(?:[\w-]+ ){0,2}(?:pilot|trial)\b(?! (?:of|with)\b))"
    + r"|(?P<p__which_live>,? which (?:the|this|our|its) (?:trust|hospital|department|\w+ team) (?:(?:now|has|have) )?(?:been using|uses|runs|relies on|used)\b)"
    + r"|(?P<w_live>\b(?:is|are) (?:also |now |already )?(?:an? )?(?:existing |current |fellow |regular )?users?\b(?! (?:of|group))|\b(?:went|gone) live\b(?! (?:(?:in|on|at|from|during) [^.;,]{2,40}? )?with\b)|\b(?:entered|came into) (?:clinical |routine )?(?:service|use)\b)"
    + r"|(?P<r_live>\b(?:reads|looks at|sorts|measures|grades|outlines|draws|contours|spots|listens to|handles|sees(?= )|analyses|flags|triages|processes|checks|marks|drafts|screens|prioriti[sz]es|highlights|transcribes|"
    r"(?<!you )(?<!they )(?<!we )(?<!who )(?:has|have) (?:read|analysed|processed|checked|flagged|triaged|screened|drafted|transcribed)|acts as|serves as|supports|"
    r"helps|assists|is (?:helping|supporting|assisting|reading|analysing)|(?:read|analysed|processed|checked|screened)(?= \d))\b)"
    + r"|(?P<k_live>\b(?:(?:read|analysed|checked|processed|screened|triaged|reported|reviewed|transcribed|drafted|supported|assisted|"
    r"helped|flagged) (?:first )?by|(?:go(?:es)?|pass(?:es)?|gone|went) through|(?:now|also|already) (?:has|have))(?= (?:the )?(?-i:[A-Z])))"
    + r"|(?P<p__idle>\b(?:sits?|lies?|stands?|remains?|is|are) (?:unused|idle|dormant)\b)"
    + r"|(?P<p__lapsed>\b(?:contract|licen[cs]e)s? (?:(?:was|were) not renewed|(?:has |have |had )?(?:expired|lapsed|run out|ended))\b)"
    + r"|(?P<p__ended>\b(?:pilot|trial|evaluation)s?\s+(?:(?:has|have|had|was|were)\s+)?(?:(?:now|since|been)\s+)*(?:ended|finished|concluded|closed|completed)\b|"
    r"\bhas (?:come to the end of|finished|completed) its (?:trial|pilot)\b)"
    + r"|(?P<p__over>\b(?:pilot|trial|evaluation)s? (?:(?:at|in|of|with) [^.;,]{2,70}? )?(?:is|are|was|were) (?:now |already )?over\b)"
    + r"|(?P<p__trialling>\b(?:pilot|trial)s?\s+(?:is|are|has|have)\s+(?:(?:now|still|been)\s+)*(?:continuing|under ?way|running|ongoing|begun|started|extended|in progress)\b)"
    + "".join(
        rf"|(?P<q_{status}>(?:,|\))\s*(?:which is |now |currently )?(?:being )?(?:{words})(?= (?:in|by|for|at|on|within|across|since)\b))"
        for status, words in (
            ("live", "used|in use"),
            (
                "trialling",
                "being (?:piloted|trialled|tested)|piloted|trialled|(?:on|in|under) (?:trial|pilot)",
            ),
            ("exploring", "under (?:evaluation|review|consideration)"),
        )
    )
    + "".join(
        rf"|(?P<b_{status}>\bbeing (?:{words})\b)"
        for status, words in (
            ("trialling", "piloted|trialled|tested"),
            (
                "implementing",
                "set up|implemented|installed|rolled out|connected|integrated|configured|linked up|put in",
            ),
            ("exploring", "evaluated|assessed|considered"),
        )
    ),
    re.IGNORECASE,
)
"""Such a word in running text: its group has a letter for how it is built, and the status."""
