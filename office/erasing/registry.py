"""Every column that can hold words, in every table of ours, and what becomes of it when a person is erased.

A column without an entry fails a test. Erasing, looking beforehand and the copy for a person read this.
"""

from office.erasing.handling import Handling

CUSTOMERS = {
    "customers.Segment": Handling(never="slug", typed="name"),
    "customers.Customer": Handling(never="key", typed="name about use_case fields left_why edited"),
    "customers.Contact": Handling(theirs="key name title phone edited", person="pk"),
    "customers.Erasure": Handling(never="address_hash key_hash", typed="why lifted_why", person="contact"),
    "customers.Metric": Handling(never="key unit", typed="name"),
    "customers.Reading": Handling(never="source external_id"),
    "customers.Transaction": Handling(never="currency source external_id", typed="about"),
    "customers.Subscription": Handling(never="currency source external_id", typed="plan"),
    "customers.SupportCase": Handling(never="urgency source external_id", typed="subject channel"),
    "customers.Outcome": Handling(
        typed="words required experience retired_why", theirs="said_by", person="contact confirmed_by"
    ),
    "customers.OutcomeRevision": Handling(typed="was", person="contact"),
    "customers.OutcomeAsk": Handling(person="contact"),
    "customers.OutcomeReply": Handling(theirs="words changed from_ip", person="contact"),
    "customers.Promise": Handling(
        never="source external_id", typed="words message said_in", members="seller"
    ),
    "customers.PromiseDecision": Handling(typed="why was", person="contact"),
    "customers.ChampionChange": Handling(theirs="words closed_why", person="contact"),
    "customers.DataRequest": Handling(theirs="answer", person="contact"),
    "customers.GoalScale": Handling(typed="much_less less expected more much_more", person="agreed_with"),
    "customers.GoalLevel": Handling(typed="evidence"),
}

MILESTONES = {
    "milestones.Journey": Handling(never="slug", typed="name purpose for_use_case"),
    "milestones.JourneyVersion": Handling(typed="outline"),
    "milestones.Milestone": Handling(never="key", typed="name meaning coaching"),
    "milestones.Criterion": Handling(never="urgency"),
    "milestones.Enrolment": Handling(never="current_key edited", typed="ended_why"),
    "milestones.Ask": Handling(person="contact"),
    "milestones.Claim": Handling(
        never="milestone_key",
        typed="statement evidence_words evidence_link withdrawn_why",
        person="named_contact",
    ),
    "milestones.Verdict": Handling(
        never="milestone_key", theirs="words answer from_ip", person="contact ask__contact"
    ),
    "milestones.Achievement": Handling(never="milestone_key", typed="withdrawn_why"),
    "milestones.Agreement": Handling(theirs="words from_ip", person="contact"),
    "milestones.Aim": Handling(never="milestone_key"),
    "milestones.Message": Handling(never="milestone_key", typed="subject body"),
    "milestones.MessageWritten": Handling(never="milestone_key", person="contact"),
    "milestones.NextStep": Handling(typed="words"),
    "milestones.Pick": Handling(never="milestone_key", theirs="words", person="contact"),
    "milestones.PastAchievement": Handling(never="milestone_key source"),
    "milestones.Baseline": Handling(never="definitions"),  # frozen: rules and figures
    "milestones.BaselineRate": Handling(never="milestone_key name timeline"),
    "milestones.Pause": Handling(typed="why"),
    "milestones.Patience": Handling(never="milestone_key"),
}

COACHING = {
    "coaching.Call": Handling(typed="goal reality options words notes"),
    "coaching.CallAttendee": Handling(person="contact"),
    "coaching.CallDraft": Handling(typed="data"),
    "coaching.Commitment": Handling(theirs="will when", person="owner_contact"),
    "coaching.Touchpoint": Handling(typed="place purpose"),
    "coaching.ChallengeKind": Handling(never="key", typed="name signs questions steps escalate"),
    "coaching.Challenge": Handling(typed="words closed_why"),
    "coaching.ChallengeStep": Handling(typed="words"),
    "coaching.CalendarFeed": Handling(never="token_hash"),
    "coaching.GuideEdition": Handling(typed="purpose goal reality options will cues good avoid"),
    "coaching.CallInvitation": Handling(never="uid", members="organizer", typed="place", person="contact"),
    "coaching.DayOff": Handling(members="name"),
    "coaching.Occurrence": Handling(typed="skipped_why"),
    "coaching.Resource": Handling(never="key", typed="title title_folded text_folded"),
    "coaching.ResourceFile": Handling(never="media_type sha256", typed="name", kept="content"),
    "coaching.ResourceEdition": Handling(typed="title summary body url"),
    "coaching.Sending": Handling(theirs="words", person="contact"),
    "coaching.Recap": Handling(typed="subject body"),
    "coaching.RecapCopy": Handling(person="contact"),
}

ADVOCACY = {
    "advocacy.Celebration": Handling(never="milestone_key", typed="state_why fact personal_line"),
    "advocacy.CelebrationGuest": Handling(person="contact"),
    "advocacy.CelebrationReply": Handling(theirs="words from_ip", person="contact"),
    "advocacy.Story": Handling(
        never="slug",
        typed="title about background approach result learning incentive",
        theirs="quote quote_from",
        person="quote_by",
    ),
    "advocacy.StoryNumber": Handling(never="unit points", typed="label source"),
    "advocacy.StoryEdition": Handling(never="digest", typed="content"),
    "advocacy.StoryAsk": Handling(theirs="answers words from_ip", typed="questions", person="contact"),
    "advocacy.StoryUse": Handling(typed="channel place address"),
    "advocacy.StoryConsent": Handling(
        never="digest channels", typed="incentive", theirs="ended_words from_ip", person="contact"
    ),
    "advocacy.ExpansionRule": Handling(typed="name"),
    "advocacy.Need": Handling(theirs="words said_by", person="contact"),
    "advocacy.Expansion": Handling(never="currency", typed="why next_step"),
    "advocacy.Circle": Handling(typed="name about talk_url"),
    "advocacy.CircleSeat": Handling(person="contact"),
    "advocacy.Introduction": Handling(never="milestone_key", person="seeker peer"),
    "advocacy.CircleMeeting": Handling(typed="title about place"),
    "advocacy.MeetingNotice": Handling(typed="title about place", person="contact"),
    "advocacy.Advocate": Handling(never="code", person="contact"),
    "advocacy.Favour": Handling(theirs="words reply result thanks", person="contact"),
    "advocacy.AskTerms": Handling(never="rest_days", typed="welcome reward_advocate reward_newcomer"),
    "advocacy.Referral": Handling(
        never="currency", typed="name company address words consent closed_why reward"
    ),
}

POST = {
    "post.Recipient": Handling(never="language zone", theirs="address", person="contacts"),
    "post.Delivery": Handling(
        never="subject_key message_id links",
        members="from_name reply_to",
        copies="address reason recalled_why subject text html calendar",
    ),
    "post.Link": Handling(never="purpose token_hash", copies="address"),
    "post.WebhookEndpoint": Handling(never="url kinds secret earlier_secret", typed="about off_why"),
    "post.WebhookDelivery": Handling(never="kind fact message_id", copies="body tries"),
    "post.Digest": Handling(never="period"),
}

OFFICE = {
    "office.Import": Handling(
        never="source file_path file_sha256 parts counts undo", typed="file_name mapping layout state_why"
    ),
    "office.ImportRow": Handling(never="column", copies="identity data value reason"),
    "office.ImportClaim": Handling(copies="about says"),
    "office.ImportTrace": Handling(never="model after", copies="before reason"),
    "office.IncomingEvent": Handling(never="message_id kind why", copies="name user_key customer_key data"),
    "office.EventRule": Handling(never="event property"),
    "office.EventPerson": Handling(copies="user_key"),
    "office.Token": Handling(never="start token_hash scopes", typed="name"),
    "office.KeptAnswer": Handling(never="key fingerprint", copies="body headers"),
}

ORGANISATIONS = {
    "organisations.Organisation": Handling(
        never="slug zone language accent", members="name sender_name postal_address"
    ),
    "organisations.User": Handling(never="password zone", members="email name"),
    "organisations.Session": Handling(never="session_key session_data"),
    "organisations.Attempts": Handling(never="key"),
    "organisations.Invitation": Handling(never="token_hash", members="email"),
    "organisations.Event": Handling(never="verb subject_type", kept="data"),
    "organisations.Seal": Handling(never="lines previous head"),
}

REGISTRY: dict[str, Handling] = CUSTOMERS | MILESTONES | COACHING | ADVOCACY | POST | OFFICE | ORGANISATIONS
