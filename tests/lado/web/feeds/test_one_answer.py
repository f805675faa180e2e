"""The page, the routing and every feed name the same person at the same instant, with patterns, duty and absences."""

import random
from datetime import datetime, time, timedelta

from icalendar import Calendar

from lado.domain.cover import on_cover
from lado.errors import BadInput
from lado.queries import cover as covers
from lado.services import cover, feeds, rotas
from lado.services.cover import NewAbsence
from lado.services.rotas import NewDuty, NewPattern
from tests.support.browser import words_of
from workflows.london import LONDON
from workflows.office import USUAL_HOURS

SEED = 20260302
ABSENCES = 6
INSTANTS = [datetime(2026, 3, day, hour, 20, tzinfo=LONDON) for day, hour in ((3, 9), (5, 14), (10, 12), (19, 15))]


def arrange(database, people, chance):
    """A random rota: Olive part-time, duty on each day, and absences wherever they fit."""
    team = [people.olive.id, people.carl.id, people.dana.id, people.mina.id]
    with database.work(people.mina) as act:
        hours = (*USUAL_HOURS.week[:2], (time(9), time(12)), None, *USUAL_HOURS.week[4:])
        rotas.set_pattern(act, NewPattern(people.olive.id, act.today, hours))
        for rank in (1, 2):
            days = {day: chance.choice(team) for day in range(5)}
            rotas.set_duty(act, NewDuty(people.mina.authority, rank, act.today, days))
    for _ in range(ABSENCES):
        person, covering = chance.sample(team, 2)
        begin = datetime(2026, 3, chance.randint(2, 18), chance.choice((0, 12)), tzinfo=LONDON)
        new = NewAbsence(person, "leave", begin, begin + timedelta(hours=chance.choice((12, 48, 96))), covering)
        try:
            with database.work(people.mina) as act:
                cover.book_leave(act, new)
        except BadInput:  # somebody who cannot cover, or leave over leave
            continue


def test_page_routing_and_feeds_name_the_same_person(browser, app, database, people, clock):
    arrange(database, people, random.Random(SEED))
    names = {people.olive.id: "olive", people.carl.id: "carl", people.dana.id: "dana", people.mina.id: "mina"}
    secrets = {}
    for person, name in names.items():
        with database.work(people.everyone[name]) as act:
            secrets[person] = feeds.make(act, "own")
    compared = 0
    for at in INSTANTS:
        clock.move_to(at)
        with database.reading(people.olive) as act:
            rota = covers.rota(act.session, people.olive.authority, at)
            answers = {other: on_cover(other, at, rota).person for other in names}
            routed = {
                person: {one.person for one in covers.covering(act.session, people.olive.authority, person, at)}
                for person in names
            }
        page = words_of(browser.sign_in("olive").get("/cover"))
        browser.client = app.test_client()
        for person, name in names.items():
            covered = {other for other, found in answers.items() if found == person and other != person}
            sent = Calendar.from_ical(browser.client.get(f"/calendar/{secrets[person]}.ics").data).events
            now = [one for one in sent if one.decoded("dtstart") <= at < one.decoded("dtend")]
            initials = {"".join(word[0] for word in people.everyone[names[other]].name.split()) for other in covered}
            assert routed[person] & set(names) == covered
            assert {f"Covering for {letters}" for letters in initials} == {
                str(one["summary"])
                for one in now
                if one["status"] == "CONFIRMED" and str(one["summary"]).startswith("Covering")
            }, (at, name)
            compared += len(covered)
        for other, found in answers.items():
            whose = people.everyone[names[other]].name
            if found not in (other, None) and found in names:
                assert f"{whose} Away: {people.everyone[names[found]].name} covers" in page
            elif found == other:
                assert f"{whose} Is there" in page
    assert compared >= len(names), "the rota of this seed hardly asks anything"
