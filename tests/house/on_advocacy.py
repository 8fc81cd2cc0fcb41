"""What there is of advocates in the lived-in organisation: the demo leaves somebody at every point."""

from advocacy.models import Advocate, Expansion, ExpansionRule, Favour, Referral


def ids() -> dict[str, int]:
    favours = {
        state: Favour.objects.filter(state=state).latest("pk") for state in ("asked", "done", "thanked")
    }
    promised = Favour.objects.promised().filter(kind="talk").get()
    willing = Advocate.objects.filter(state=Advocate.State.WILLING)
    ended = Advocate.objects.get(state=Advocate.State.ENDED)
    referrals = {f"referral {state}": pk for pk, state in Referral.objects.values_list("pk", "state")}
    growth = {f"growth {state}": pk for pk, state in Expansion.objects.values_list("pk", "state")}
    return (
        referrals
        | growth
        | {
            "advocate": willing.earliest("pk").pk,
            "advocate ended": ended.pk,
            "favour asked": favours["asked"].pk,
            "favour accepted": promised.pk,
            "favour done": favours["done"].pk,
            "person thanked": favours["thanked"].contact_id,
            "person promised": promised.contact_id,
            "person to thank": favours["done"].contact_id,
            "person waits": favours["asked"].contact_id,
            "person ended": ended.contact_id,
            "growth rule": ExpansionRule.objects.in_force().earliest("pk").pk,
        }
    )


def subjects() -> dict[str, tuple[str, int, str, int]]:
    """Links of those who were asked: to answer, and answered."""
    rows = Favour.objects.select_related("contact__recipient")
    asked, said = rows.filter(state="asked").latest("pk"), rows.promised().get(kind="talk")
    return {
        "door asked": ("favour", asked.pk, asked.contact.address, 30),
        "door said": ("favour", said.pk, said.contact.address, 30),
    }


def codes() -> dict[str, str]:
    """What is passed on, and the page on which one types it in."""
    return {"code": Advocate.objects.filter(state="willing").earliest("pk").full_code, "code typed": "code"}
