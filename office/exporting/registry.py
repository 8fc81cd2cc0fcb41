"""What an export holds, table by table. A table that is not named here fails a test.

Left out of every table: what only opens doors (`HIDDEN`), and the organisation's id, the same everywhere.
"""

from dataclasses import dataclass

from django.apps import apps
from django.db import models

HIDDEN = {"organisation_id", "token_hash", "lease_token", "lease_until", "password", "last_login"}
HIDDEN |= {"secret", "earlier_secret"}


@dataclass(frozen=True)
class Table:
    label: str
    says: str

    @property
    def model(self) -> type[models.Model]:
        return apps.get_model(self.label)

    @property
    def file_name(self) -> str:
        return f"{self.label.replace('.', '-').lower()}.csv"

    @property
    def fields(self) -> list[str]:
        columns = [field.attname for field in self.model._meta.local_concrete_fields]
        return [name for name in columns if name not in HIDDEN]


TABLES = [
    Table(label, says)
    for label, says in {
        "organisations.Invitation": "colleagues asked in by mail",
        "organisations.Event": "the log: what happened when, by whom, about what",
        "organisations.Seal": "hashes of the log, each with that of the one before: see verify_log",
        "customers.Segment": "named groups of customers",
        "customers.Customer": "the companies you serve",
        "customers.Outcome": "what they want to reach, in their own words",
        "customers.OutcomeRevision": "how an outcome was written until somebody changed it",
        "customers.OutcomeAsk": "questions put to customers: is this still right?",
        "customers.OutcomeReply": "what they said: right, or wrong",
        "customers.Promise": "what customers were promised before they bought",
        "customers.PromiseDecision": "what was decided about each promise, by whom and why",
        "customers.ChampionChange": "signs that a champion was lost, and what was so",
        "customers.DataRequest": "what people asked about their own data, and the answer",
        "customers.Erasure": "who was erased when and why: a keyed hash, no name",
        "customers.Attention": "after how many days something asks for somebody",
        "customers.GoalScale": "what counts as how much of an outcome, agreed beforehand",
        "customers.GoalLevel": "which level of it was reached when, and what shows it",
        "customers.Contact": "the people there; their address stands in post-recipient",
        "customers.Metric": "what is measured",
        "customers.Reading": "every value of a metric at one time",
        "customers.LatestReading": "the newest reading of each metric",
        "customers.Transaction": "what customers paid, and what it cost; amounts in ten-thousandths",
        "customers.Subscription": "what they pay again and again, since when, until when",
        "customers.SupportCase": "their support cases",
        "milestones.Journey": "journeys",
        "milestones.JourneyVersion": "their editions",
        "milestones.Milestone": "the milestones of each edition",
        "milestones.Message": "what a journey writes on an occasion",
        "milestones.MessageWritten": "which message went to which customer, once for ever",
        "milestones.WeeklyMail": "who had their one mail of which week",
        "milestones.Criterion": "what must be so for a milestone",
        "milestones.Enrolment": "which customer is on which journey since when",
        "milestones.Aim": "which outcome a customer's milestone serves",
        "milestones.NextStep": "what customers may take up after a win, as you word it",
        "milestones.Pick": "what they chose of it",
        "milestones.Pause": "when the clock of an enrolment stands, and why",
        "milestones.Patience": "after how many days without progress somebody counts as stuck, set by hand",
        "milestones.CriterionProgress": "criteria that are met",
        "milestones.Claim": "what a CSM said is reached, with evidence",
        "milestones.Ask": "questions put to customers",
        "milestones.Agreement": "whether customers say a milestone is still worded right",
        "milestones.Verdict": "their answers: confirmed or contested",
        "milestones.Achievement": "milestones reached, dated by their evidence",
        "milestones.PastAchievement": "milestones reached before, as another system says",
        "milestones.Baseline": "how a journey stood on a day, frozen",
        "milestones.BaselineRate": "the milestones of a baseline",
        "coaching.Call": "coaching calls",
        "coaching.CallAttendee": "who took part in a call",
        "coaching.CallDraft": "calls that are still being written down",
        "coaching.Commitment": "who will do what when",
        "coaching.Touchpoint": "planned conversations",
        "coaching.CadenceRule": "how often customers are spoken with",
        "coaching.PlanWeights": "what a call counts for when a week is proposed",
        "coaching.WorkDay": "when members work, and their minutes for planned calls",
        "coaching.DayOff": "days on which they, or everybody, plan none",
        "coaching.Occurrence": "calls that came due, and what became of them",
        "coaching.CallInvitation": "who was asked to them, and what their calendar was told",
        "coaching.ChallengeKind": "the catalogue of challenges",
        "coaching.Challenge": "what stands or stood in customers' ways, and how it ended",
        "coaching.ChallengeStep": "the steps against each challenge",
        "coaching.Guide": "places for a guide: a stage, and a challenge or none",
        "coaching.GuideEdition": "what each guide says and said",
        "coaching.Resource": "the library: what is sent to customers",
        "coaching.ResourceTag": "at which stage and against which challenge each fits",
        "coaching.ResourceEdition": "what each resource says and said",
        "coaching.ResourceFile": "files of resources; their content in base64",
        "coaching.Sending": "which resource went to whom, opened when, and whether it helped",
        "coaching.Recap": "what customers were written after a call",
        "coaching.RecapCopy": "whom a recap went to",
        "coaching.CalendarFeed": "who reads their planned calls in a calendar; never the address itself",
        "advocacy.Celebration": "celebrations and what became of them",
        "advocacy.CelebrationGuest": "whom a celebration goes to",
        "advocacy.Advocate": "who was asked to speak for you, and what they said",
        "advocacy.Favour": "everything asked of people: what, when, what became of it",
        "advocacy.Referral": "people who wrote by an advocate's address, and what became of it",
        "advocacy.ReferralOpening": "how often such an address was opened on a day",
        "advocacy.ExpansionRule": "what is a sign of growth",
        "advocacy.Need": "what customers said they need, and who said it",
        "advocacy.Expansion": "signals of growth, and what became of them",
        "advocacy.AskTerms": "how much may be asked of one person",
        "advocacy.Circle": "circles of people at different customers",
        "advocacy.CircleSeat": "who was asked into a circle, what they said, what they show to the others",
        "advocacy.CircleMeeting": "meetings of circles",
        "advocacy.MeetingNotice": "what their calendars were told of them",
        "advocacy.Introduction": "who was to be introduced to whom, and what both said",
        "advocacy.CelebrationReply": "what they said back to it, and whether they passed its card on",
        "advocacy.Story": "success stories",
        "advocacy.StoryNumber": "their numbers, with what each rests on",
        "advocacy.StoryEdition": "what each edition of a story said",
        "advocacy.StoryAsk": "what customers were asked about a story, and what they answered",
        "advocacy.StoryConsent": "what they agreed to: which edition, within which limits, until when",
        "advocacy.StoryUse": "where stories are used outside",
        "post.Recipient": "addresses, with the wishes of those who read there",
        "post.Delivery": "the outbox: every mail and its state",
        "post.Digest": "which member had the digest of which day or week",
        "post.Link": "links in mails: for whom, until when, opened when; never the link itself",
        "post.WebhookEndpoint": "addresses of other systems that are told what happens",
        "post.WebhookDelivery": "what they were told in the last 30 days, and whether they took it",
        "post.Hold": "when all mail was held, and who let it go",
        "office.Import": "files that came in",
        "office.EventRule": "what events of a name mean",
        "office.EventPerson": "to which customer a user of the sender's belongs",
        "office.Token": "what lets machines in; never the token itself",
    }.items()
]

# Tables that are no data of the organisation, each with the reason.
LEFT_OUT = {
    "post.PostDue": "the post loop's list of what is due; the outbox says the same",
    "post.WebhookDue": "the same of webhooks",
    "office.IncomingEvent": "events as they came, kept for 30 days; what was made of them is here",
    "office.EventCount": "how many events were counted; the readings say the same",
    "office.ImportRow": "rows of a file on their way in, kept for 30 days; the file is yours",
    "office.ImportTrace": "what an import did to rows, kept for 30 days so that it can be undone",
    "office.ImportClaim": "notes of a check that is under way",
    "office.KeptAnswer": "answers of the API kept for a day, in case a request is repeated",
}
