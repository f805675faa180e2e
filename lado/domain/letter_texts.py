"""The letters and e-mails that come with the product, in plain English and our own words; a council edits them.

Who is told what: Working Together to Safeguard Children (referrers hear the outcome), Keeping Children Safe in
Education, part four (the employer tells the person, as soon as the designated officer agrees; parents are told the
allegation, its progress and, in confidence, the outcome, and of section 141F of the Education Act 2002). None of it is
legal advice: a council signs off its own.
"""

from collections.abc import Mapping

from lado.domain.letters import EMAIL, Kind, Text

SIGNED = "{officer}\nDesignated officer, {council}\n{telephone}"
QUESTIONS = "If you have a question, ring {telephone} and give the reference {reference}."
DANGER = "If you think that a child is in danger now, ring 999."
IN_CONFIDENCE = "Please keep this letter safe. Do not share it or talk about it on social media or in message groups."
NEXT = "You hear from us again by {next_update}, even if nothing has changed by then."


def _letter(heading: str, *paragraphs: str) -> Text:
    return Text(heading, "\n\n".join((*paragraphs, SIGNED)))


def _email(*paragraphs: str) -> Text:
    return Text("{reference}: something new for you to read", "\n\n".join(paragraphs))


SHIPPED: Mapping[Kind, Text] = {
    Kind("referrer", "decision"): _letter(
        "What we do with your referral",
        "Dear colleague,",
        "Thank you for your referral, which we received on {received}. Its reference is {reference}.",
        "We have looked at what you told us. {happening}",
        "Please do not question the person or any child about it, and keep your notes as you first wrote them.",
        NEXT,
        f"{QUESTIONS} {DANGER}",
    ),
    Kind("referrer", "progress"): _letter(
        "Where your referral stands",
        "Dear colleague,",
        "You made a referral to us, which we received on {received}. This is where it stands on {today}.",
        "{happening}",
        "We cannot tell you everything that other agencies do. That does not mean that nothing is done.",
        NEXT,
        QUESTIONS,
    ),
    Kind("referrer", "outcome"): _letter(
        "What was concluded about your referral",
        "Dear colleague,",
        "You made a referral to us, which we received on {received}. It has been looked into and is now concluded.",
        "The conclusion is: {outcome}. {meaning}",
        "It was right to tell us, whatever the conclusion is. If you learn something new, tell us again.",
        IN_CONFIDENCE,
        QUESTIONS,
    ),
    Kind("referrer", EMAIL): _email(
        "There is something new for you to read about {reference}.",
        "Sign in at the address below to read it. If you have a question, ring {council} on {telephone}.",
    ),
    Kind("employer", "decision"): _letter(
        "Telling the person concerned",
        "Dear colleague,",
        "This is about a referral that we received on {received} about {subject}, {workplace}.",
        "It is for you, as the employer, to tell the person that there is an allegation. We agree that you do so now. "
        "Tell them what we agreed with you and nothing more: what another agency may still need to ask is kept back.",
        "Tell them also whom they can turn to for support, who at your organisation keeps in touch with them, and that "
        "they will be able to answer. They are not invited to the meetings about them and are not given the minutes.",
        "Think of suspension only where nothing else keeps children safe, and write down what else you considered. An "
        "allegation is not a finding.",
        "{publicity}",
        "Please tell us on what day you told them.",
        NEXT,
        f"{QUESTIONS} {DANGER}",
    ),
    Kind("employer", "progress"): _letter(
        "Where the matter stands",
        "Dear colleague,",
        "This is about a referral that we received on {received} about {subject}, {workplace}.",
        "{happening}",
        "Please give the person the news that we agreed with you, and keep in touch with them in the meantime.",
        NEXT,
        QUESTIONS,
    ),
    Kind("employer", "outcome"): _letter(
        "What was concluded",
        "Dear colleague,",
        "The referral that we received on {received} about {subject}, {workplace}, is concluded.",
        "The conclusion is: {outcome}. {meaning}",
        "Please tell the person, and decide what you have to decide as their employer. Where you stop somebody from "
        "working with children because they harmed a child or may harm one, the law asks you to tell the Disclosure "
        "and Barring Service, even if they resigned.",
        "Keep a clear record of what was alleged, how it was followed up and what was concluded, and give the person a "
        "copy. What was found to be false, malicious or unfounded, or was not substantiated, does not belong in a "
        "reference.",
        QUESTIONS,
    ),
    Kind("employer", EMAIL): _email(
        "There is something new for you to read about {reference}.",
        "Sign in at the address below to read it, and look whether there is something for you to do. If you have a "
        "question, ring {council} on {telephone}.",
    ),
    Kind("subject", "decision"): _letter(
        "An allegation was made",
        "Dear {subject},",
        "An allegation was made about your work with children, or about something that matters to it. Your employer "
        "gives you this letter and tells you what may be said now.",
        "Nothing is decided. What was said is looked into, and you will be able to answer it.",
        "Your employer tells you who keeps in touch with you and where you find support. You can also turn to your "
        "trade union or a colleague of your choice. Please do not speak to the children or the witnesses about it.",
        "{publicity}",
        "Your employer tells you how it goes on, and what is concluded in the end.",
    ),
    Kind("subject", "outcome"): _letter(
        "What was concluded",
        "Dear {subject},",
        "The allegation about you, of which we learnt on {received}, has been looked into and is now concluded.",
        "The conclusion is: {outcome}. {meaning}",
        "Your employer gives you this letter, tells you what follows from it, and gives you a copy of the record.",
        "You can ask the council for what it holds about you. Ask for a subject access request.",
    ),
    Kind("parents", "decision"): _letter(
        "Something that concerns your child",
        "Dear parent or carer,",
        "Somebody who works with children is said to have done something that concerns your child. It was reported to "
        "us on {received}.",
        "We look into it together with the people who need to know. We tell you as much as we may: sometimes another "
        "agency has to agree first.",
        "{publicity}",
        "Listen to your child if they want to talk. Please do not question them, so that they can tell it once in "
        "their own words to somebody who is trained for it.",
        NEXT,
        f"{QUESTIONS} {DANGER}",
    ),
    Kind("parents", "progress"): _letter(
        "Where the matter stands",
        "Dear parent or carer,",
        "You know that we look into something that concerns your child. This is where it stands on {today}.",
        "{happening}",
        "{publicity}",
        NEXT,
        QUESTIONS,
    ),
    Kind("parents", "outcome"): _letter(
        "What was concluded",
        "Dear parent or carer,",
        "What was reported to us on {received} has been looked into and is now concluded.",
        "The conclusion is: {outcome}. {meaning}",
        "We tell you this in confidence. What was said at a hearing about the person’s work is not ours to pass on.",
        "{publicity}",
        IN_CONFIDENCE,
        QUESTIONS,
    ),
    Kind("child", "decision"): _letter(
        "What happens now",
        "Hello,",
        "You told somebody about a grown-up, or somebody was worried about you. You have done nothing wrong.",
        "My job is to make sure that people listen and that children are safe. I am working on it with other people.",
        "Somebody you trust tells you what happens next. You can ask them anything. You can also ask them to ring me.",
        "If you ever feel unsafe, tell a grown-up you trust straight away, or ring 999. You can talk to Childline "
        "without paying, day and night, on 0800 1111.",
    ),
    Kind("child", "outcome"): _letter(
        "What we found out",
        "Hello,",
        "A while ago somebody was worried about what a grown-up did. We listened, and we asked a lot of questions.",
        "Now it is finished. Somebody you trust reads this letter with you. {own_words}",
        "You have done nothing wrong.",
        "If you are worried about anything, tell a grown-up you trust. You can also talk to Childline without paying, "
        "day and night, on 0800 1111.",
    ),
    Kind("regulator", "outcome"): _letter(
        "Notice of a concluded allegation",
        "Dear colleague,",
        "We write about {subject}, {workplace}. A referral that we received on {received} under the reference "
        "{reference} is concluded.",
        "The conclusion is: {outcome}. {meaning}",
        "We tell you so that you can decide what you have to decide. Please ring us if you need more: we agree with "
        "you what may be shared.",
        QUESTIONS,
    ),
    Kind("placing_authority", "decision"): _letter(
        "A matter that concerns a child you placed",
        "Dear colleague,",
        "A referral that we received on {received} concerns a child whom your authority placed here: {workplace}. "
        "{happening}",
        "Please tell us who is responsible for the child at your authority, and agree with us what the parents are "
        "told and by whom.",
        NEXT,
        f"{QUESTIONS} {DANGER}",
    ),
    Kind("placing_authority", "outcome"): _letter(
        "What was concluded",
        "Dear colleague,",
        "The referral that we received on {received}, which concerns a child whom your authority placed here, is "
        "concluded.",
        "The conclusion is: {outcome}. {meaning}",
        "Please decide whether the child can stay where they live, and tell us what you decide.",
        QUESTIONS,
    ),
}
"""Every kind of letter and e-mail there is, in the order of the audiences."""
