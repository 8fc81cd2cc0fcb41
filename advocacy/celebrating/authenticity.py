"""Recognition that is meant: one specific fact, one named person, and nothing that sells.

Words that sell are looked for as phrases, in English and German: “purchase orders” is a customer's fact,
“order now” is not. Whoever means something else says it otherwise; the phrase is named.
"""

import re

from django.utils.translation import gettext as _

SELLING = re.compile(
    r"""
      \b\d+\s?%\s?(off|discount|rabatt|nachlass)\b
    | \b(special|limited|exclusive|introductory)[ ]offers?\b
    | \b(an|our|this|the)[ ]offer[ ](for|to)[ ]you\b
    | \bdiscount[ ](for|on|of|code)\b | \bvoucher\b | \bpromo(tion)?[ ]?code\b
    | \bupgrad(e|ing)[ ](to|your|now|today)\b | \bupsell\w*\b | \bcross-?sell\w*\b | \badd-?on[ ]package\b
    | \b(buy|order|book|renew|subscribe|sign[ ]up)[ ](now|today|here)\b
    | \bfree[ ]trial\b | \bbook[ ]a[ ]demo\b | \b(premium|enterprise|pro)[ ](plan|tier|edition)\b
    | \bnew[ ]licen[cs]es?[ ]for\b | \bour[ ](pricing|price[ ]list)\b
    | \b(sonder|aktions|einführungs)(angebot|preis)\w*\b | \b(unser|ein|das)[ ]angebot[ ](für|an)\b
    | \brabatt(code|aktion)?\b | \bgutschein(code)?\b
    | \b(jetzt|heute|gleich)[ ](kaufen|bestellen|buchen|verlängern)\b | \bkostenlos[ ]testen\b
    | \bupgrade[ ](auf|ihres?)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
FEWEST_WORDS = 3


def doubt_about(*, fact: str, has_guest: bool, personal_line: str = "") -> str:
    """What keeps a celebration from being meant, in words for whoever reads it; empty when nothing does."""
    fact = fact.strip()
    if not fact:
        return _("no specific fact to name yet")
    if len(fact.split()) < FEWEST_WORDS and not re.search(r"\d", fact):
        return _("“%(fact)s” names nothing specific: say what is so now") % {"fact": fact[:60]}
    if not has_guest:
        return _("nobody with an e-mail address to celebrate with")
    found = SELLING.search(f"{fact}\n{personal_line}")
    if found:
        return _("“%(words)s” sells something: a celebration offers nothing") % {"words": found[0]}
    return ""
