"""Mail that leaves this machine: encrypted to a verified server or not sent, one recipient, no header of anybody's."""

import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from ipaddress import ip_address

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from lado.adapters.mail import MailRefused, SmtpMail
from lado.jobs import notices as job
from lado.models import Notice
from lado.security.identity import SYSTEM
from lado.services import notices
from setup.serving import free_port
from tests.lado.adapters.test_mail import LETTER, settings
from tests.support.mail import Answering, mail_server

HOST = "127.0.0.1"
URL = "https://lado.council.example"
NOW = datetime.now(UTC)  # noqa: TID251 - a certificate is judged by the machine's own clock


class Stripping(Answering):
    """A server behind somebody on the line who takes the offer of encryption away."""

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802 - aiosmtpd's name
        session.host_name = hostname
        return [said for said in responses if "STARTTLS" not in said]


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """An authority, and servers' certificates: a good one, one of another name, one that is over, one self-signed."""
    folder = tmp_path_factory.mktemp("certificates")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "The council's authority")])
    authority = _signed(name, name, key, key, x509.BasicConstraints(True, None), NOW + timedelta(days=2))
    _keep(folder / "authority.pem", authority)
    for kind, host, until_at in (
        ("good", HOST, NOW + timedelta(days=1)),
        ("other", "127.0.0.2", NOW + timedelta(days=1)),
        ("over", HOST, NOW - timedelta(hours=1)),
    ):
        own = ec.generate_private_key(ec.SECP256R1())
        _keep(folder / f"{kind}.pem", _signed(_named(host), name, own, key, _of(host), until_at), own)
    own = ec.generate_private_key(ec.SECP256R1())
    _keep(folder / "self.pem", _signed(_named(HOST), _named(HOST), own, own, _of(HOST), NOW + timedelta(days=1)), own)
    return folder


@pytest.fixture
def serve(certificates):
    """Starts a server that offers encryption with one of the certificates; its port."""
    started = []

    def start(kind, server):
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificates / f"{kind}.pem")
        controller = Controller(server, hostname=HOST, port=free_port(), tls_context=context)
        controller.start()
        started.append(controller)
        return controller.port

    yield start
    for controller in started:
        controller.stop()


@pytest.fixture
def sender(certificates):
    """A sender that encrypts, and trusts the council's authority alone."""

    def to(port):
        mail = SmtpMail(settings(port, smtp_starttls=True))
        mail.tls = ssl.create_default_context(cafile=certificates / "authority.pem")
        return mail

    return to


def test_a_server_that_is_who_it_says_is_spoken_to_encrypted(serve, sender):
    server = Answering()

    sender(serve("good", server)).send(LETTER)

    assert len(server.kept) == 1


@pytest.mark.parametrize("kind", ["other", "over", "self"])
def test_a_server_that_cannot_be_trusted_gets_nothing_and_it_waits_and_is_an_alarm(
    serve, sender, kind, database, browser, people, clock
):
    server = Answering()
    mail = sender(serve(kind, server))

    _wait_in_vain(database, people, clock, mail)

    assert server.kept == []
    _says_so(database, browser)


class Unwelcome(Answering):
    """A server that takes nothing from us."""

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name
        return "530 Authentication required"


def test_a_sender_that_is_not_taken_is_no_letters_fault(database, people, clock, browser):
    with mail_server(Unwelcome()) as port:
        _wait_in_vain(database, people, clock, SmtpMail(settings(port)))

    _says_so(database, browser)


def test_a_line_on_which_the_offer_of_encryption_is_taken_away_gets_nothing(
    serve, sender, database, browser, people, clock
):
    server = Stripping()
    mail = sender(serve("good", server))

    _wait_in_vain(database, people, clock, mail)

    assert server.kept == []
    _says_so(database, browser)


def test_what_waited_goes_out_when_the_server_can_be_trusted_again(serve, sender, database, people, clock):
    _wait_in_vain(database, people, clock, sender(serve("self", Answering())))
    server = Answering()

    job.tick(database, sender(serve("good", server)), URL)

    assert len(server.kept) == 1


FORGED = (
    "a@example.test\r\nBcc: b@example.test",
    "a@example.test\nBcc: b@example.test",
    "a@example.test\rBcc: b@example.test",
    "a@example.test\r\n\r\nAnother body",
    "a@example.test, b@example.test",
    "a@example.test> RCPT TO:<b@example.test",
    "a@example.test\x00b@example.test",
    "a@example.test\u2028Bcc: b@example.test",
    "a@example.test\x0bBcc: b@example.test",
    "Ann <a@example.test>",
    "a@example.test (b@example.test)",
    "a@b@example.test",
)
BROKEN = tuple(text for text in FORGED if any(sign in text for sign in "\r\n\x00\x0b\u2028"))


@pytest.mark.parametrize(
    ("place", "forged"), [*(("to", text) for text in FORGED), *(("subject", text) for text in BROKEN)]
)
def test_neither_an_address_nor_a_subject_brings_in_a_header_or_a_second_recipient(place, forged):
    server = Answering()
    with mail_server(server) as port, pytest.raises(MailRefused):
        SmtpMail(settings(port)).send(replace(LETTER, **{place: forged}))

    assert server.kept == []


USUAL = {
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "Content-Type",
    "Content-Transfer-Encoding",
    "MIME-Version",
}


def test_a_letter_has_one_recipient_plain_words_and_nothing_that_tells_when_it_is_read():
    server = Answering()
    with mail_server(server) as port:
        SmtpMail(settings(port)).send(LETTER)

    ((_, recipients, content),) = server.kept
    message = message_from_bytes(content, policy=default)
    assert recipients == [LETTER.to]
    assert set(message) == USUAL
    assert not message.is_multipart()
    assert message.get_content_type() == "text/plain"
    assert b"<img" not in content
    assert b"http" not in content


def _wait_in_vain(database, people, clock, mail):
    with database.work(SYSTEM) as act:
        notices.queue(act, people.olive.id, None, "A timescale has lapsed", "It was due.", key="one")
    for _ in range(3):
        job.tick(database, mail, URL)
        clock.advance(minutes=6)


def _says_so(database, browser):
    with database.reading(SYSTEM) as act:
        notice = act.session.get_one(Notice, 1)
        assert (notice.state, notice.tries) == ("waiting", 0)
    assert "At least one message has waited to be sent since 09:30" in browser.sign_in("olive").get("/escalations").text


def _named(host):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])


def _of(host):
    return x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))])


def _signed(subject, issuer, key, signing_key, extension, until_at):
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).add_extension(extension, critical=False)
    return made.not_valid_before(NOW - timedelta(days=2)).not_valid_after(until_at).sign(signing_key, hashes.SHA256())


def _keep(file, certificate, key=None):
    content = certificate.public_bytes(serialization.Encoding.PEM)
    if key is not None:
        form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        content += key.private_bytes(*form)
    file.write_bytes(content)
