"""What each partner saw, word for word, from when to when; the list and the page of a referral are told apart."""

import pytest
from sqlalchemy import select

from lado.errors import NotAllowed
from lado.models import SeenSentence, ShownSentence
from lado.services import access, partner_views
from lado.services.access import NewAccess
from lado.services.partner_views import Shown

FIRST = ("Received", "We have it.", "Wait.", "Soon.")
THEN = ("In progress", "We agree what happens next.", "Wait.", "In a week.")


@pytest.fixture
def referrals(database, caseload, people):
    """Three that Pat follows, and so does Pol."""
    made = [caseload.referral(partner=people.pat.id) for _ in range(3)]
    with database.work(people.olive) as act:
        for referral in made:
            access.give(act, referral.id, NewAccess(people.pol.id, "They asked."))
    return [referral.reference for referral in made]


def seen(database, people):
    query = select(SeenSentence, ShownSentence.status).join(ShownSentence)
    query = query.order_by(SeenSentence.account_id, SeenSentence.referral_id, SeenSentence.is_list, SeenSentence.number)
    with database.reading(people.mina) as act:
        return [
            (row.account_id, row.is_list, row.number, status, row.first_at, row.last_at, row.times)
            for row, status in act.session.execute(query)
        ]


def test_the_same_sentence_is_one_span_and_another_one_begins_the_next(database, people, referrals, clock):
    begin = clock.now()
    for words in (FIRST, FIRST, THEN, FIRST):
        with database.work(people.pat) as act:
            partner_views.keep_page(act, Shown(referrals[0], *words))
        clock.advance(hours=1)

    pat, times = people.pat.id, [begin.replace(hour=begin.hour + hours) for hours in range(4)]
    assert seen(database, people) == [
        (pat, False, 1, "Received", times[0], times[1], 2),
        (pat, False, 2, "In progress", times[2], times[2], 1),
        (pat, False, 3, "Received", times[3], times[3], 1),
    ]


def test_the_list_and_each_person_are_kept_apart(database, people, referrals):
    for who in (people.pat, people.pol):
        with database.work(who) as act:
            partner_views.keep_list(act, [Shown(reference, *FIRST) for reference in referrals])
    with database.work(people.pat) as act:
        partner_views.keep_page(act, Shown(referrals[1], *FIRST))
        partner_views.keep_list(act, [])

    found = seen(database, people)
    assert [(row[0], row[1]) for row in found].count((people.pat.id, True)) == 3
    assert [(row[0], row[1]) for row in found].count((people.pol.id, True)) == 3
    assert [(row[0], row[1]) for row in found].count((people.pat.id, False)) == 1
    assert {row[6] for row in found} == {1}


def test_words_are_kept_once_however_many_read_them(database, people, referrals):
    with database.work(people.pat) as act:
        partner_views.keep_list(act, [Shown(reference, *FIRST) for reference in referrals])
        partner_views.keep_page(act, Shown(referrals[0], *FIRST))
        partner_views.keep_page(act, Shown(referrals[0], *FIRST, "Substantiated"))

    with database.reading(people.mina) as act:
        kept = act.session.execute(
            select(ShownSentence.status, ShownSentence.happening, ShownSentence.answer).order_by(ShownSentence.answer)
        ).all()
    assert [tuple(row) for row in kept] == [
        ("Received", "We have it.", ""),
        ("Received", "We have it.", "Substantiated"),
    ]


def test_only_a_partner_is_shown_anything(database, people, referrals):
    with pytest.raises(NotAllowed), database.work(people.olive) as act:
        partner_views.keep_page(act, Shown(referrals[0], *FIRST))
