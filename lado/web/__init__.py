"""People: pages, forms and presenters, a folder a feature."""

from flask import Flask
from flask_wtf import CSRFProtect

from config import Settings
from lado.web import (
    addresses,
    bodies,
    context,
    cookies,
    errors,
    guards,
    headers,
    proxies,
    static_files,
    templating,
    uploads,
    users,
)
from lado.web.access import views as access
from lado.web.agencies import people as agency_people
from lado.web.agencies import views as agencies
from lado.web.attachments import views as attachments
from lado.web.changes import calendar, procedure
from lado.web.changes import views as changes
from lado.web.clocks import views as clocks
from lado.web.conflicts import views as conflicts
from lado.web.corrections import views as corrections
from lado.web.cover import views as cover
from lado.web.dates import views as dates
from lado.web.demand import views as demand
from lado.web.directory import connecting as directory_connecting
from lado.web.directory import views as directory
from lado.web.drafts import views as drafts
from lado.web.escalations import answering
from lado.web.escalations import views as escalations
from lado.web.factors import asking, own, recovering, set_up
from lado.web.feeds import views as feeds
from lado.web.gaps import views as gaps
from lado.web.handovers import views as handovers
from lado.web.health import views as health
from lado.web.intake import views as intake
from lado.web.invited import views as invited
from lado.web.kept import giving_back
from lado.web.kept import views as kept
from lado.web.letters import views as letters
from lado.web.letters import wordings as letter_words
from lado.web.look_reasons import views as look_reasons
from lado.web.looks import views as looks
from lado.web.mail import views as mail
from lado.web.manage import views as manage
from lado.web.moves import views as moves
from lado.web.my_sessions import views as my_sessions
from lado.web.notices import views as notices
from lado.web.out_of_hours import day as from_the_night
from lado.web.out_of_hours import on_call
from lado.web.out_of_hours import packs as duty_packs
from lado.web.out_of_hours import views as out_of_hours
from lado.web.partners import sentences
from lado.web.partners import views as partners
from lado.web.people import views as people
from lado.web.people import waiting as people_waiting
from lado.web.policy_reports import views as policy_reports
from lado.web.portal import emails as portal_emails
from lado.web.portal import messages as portal_messages
from lado.web.portal import refer as referring
from lado.web.portal import refer_files as referring_files
from lado.web.portal import views as portal
from lado.web.quality import views as quality
from lado.web.queue import views as queue
from lado.web.reach import views as reach
from lado.web.reads import views as reads
from lado.web.record import views as record
from lado.web.refer import views as refer
from lado.web.referrals import views as referrals
from lado.web.restrictions import views as restrictions
from lado.web.rota import duty, swapping
from lado.web.search import views as search
from lado.web.security_log import install as write_security_log
from lado.web.sessions import second_step
from lado.web.sessions import views as sessions
from lado.web.settings import editing as rules_draft
from lado.web.settings import publishing as rules_versions
from lado.web.settings import views as settings_pages
from lado.web.telling import views as telling
from lado.web.then import views as then
from lado.web.updates import views as updates

LARGEST_FORM = 1_000_000
"""Bytes of one form."""

BLUEPRINTS = (
    access.bp,
    agencies.bp,
    agency_people.bp,
    asking.bp,
    attachments.bp,
    calendar.bp,
    changes.bp,
    clocks.bp,
    conflicts.bp,
    corrections.bp,
    cover.bp,
    dates.bp,
    demand.bp,
    directory.bp,
    directory_connecting.bp,
    drafts.bp,
    duty_packs.bp,
    duty.bp,
    escalations.bp,
    answering.bp,
    from_the_night.bp,
    feeds.bp,
    gaps.bp,
    handovers.bp,
    health.bp,
    intake.bp,
    invited.bp,
    kept.bp,
    letters.bp,
    letter_words.bp,
    look_reasons.bp,
    looks.bp,
    mail.bp,
    manage.bp,
    moves.bp,
    my_sessions.bp,
    notices.bp,
    on_call.bp,
    out_of_hours.bp,
    own.bp,
    partners.bp,
    people_waiting.bp,
    people.bp,
    policy_reports.bp,
    portal.bp,
    portal_emails.bp,
    portal_messages.bp,
    procedure.bp,
    quality.bp,
    queue.bp,
    reach.bp,
    reads.bp,
    record.bp,
    recovering.bp,
    refer.bp,
    referrals.bp,
    referring.bp,
    referring_files.bp,
    restrictions.bp,
    rules_draft.bp,
    rules_versions.bp,
    search.bp,
    second_step.bp,
    sentences.bp,
    sessions.bp,
    set_up.bp,
    settings_pages.bp,
    swapping.bp,
    telling.bp,
    then.bp,
    updates.bp,
)


def install(app: Flask, settings: Settings) -> None:
    """Put the pages on the app, each behind its guard."""
    cookies.install(app, settings, app.extensions["lado"].database.clock)
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        MAX_FORM_PARTS=1_000,
        TRUSTED_HOSTS=list(settings.trusted_hosts),
        WTF_CSRF_TIME_LIMIT=None,
    )
    addresses.install(app)
    bodies.install(app)
    uploads.install(app)
    templating.install(app)
    headers.install(app, production=settings.production)
    proxies.install(app, settings.proxies)
    static_files.install(app)
    errors.install(app)
    context.install(app)
    CSRFProtect(app)
    policy_reports.install(app)
    users.make_login_manager().init_app(app)
    write_security_log(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.before_request(guards.refuse_wrong_database)
    asking.install(app)
    look_reasons.install(app)
    giving_back.install(app)
    app.teardown_request(guards.stop_reading)
    guards.check_routes(app)
