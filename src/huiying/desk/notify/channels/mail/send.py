"""One mail by SMTP; a failure says at which step it happened, so that a repeat is called a repeat only where it may be one."""

import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from huiying.desk.net.client import Client
from huiying.desk.notify.channels.answers import failed, scrub
from huiying.desk.notify.channels.base import Outcome, Parcel, Result, Route, sent
from huiying.desk.notify.channels.compose import compose, head
from huiying.desk.notify.channels.mail.form import LIMITS
from huiying.engine.text import Text

NOT_SET_UP = Text(
    "还没有设置发信服务器，请管理员写明 HUIYING_MAIL_URL",
    "No mail server is set up: the administrator names one in HUIYING_MAIL_URL",
)
SECONDS = 12
TAKEN = Text("邮件服务器收下了", "The mail server has it")


def send(parcel: Parcel, route: Route, client: Client) -> Outcome:
    """Sends the notice."""
    return _mail(head(parcel), compose(parcel, LIMITS, top=False, name=False), parcel, route)


def publish(parcel: Parcel, route: Route, client: Client) -> Outcome:
    """Sends the publication to the outlet's address."""
    return _mail(parcel.subject, parcel.body + (f"\n\n{parcel.link}" if parcel.link else ""), parcel, route)


def _mail(subject: str, text: str, parcel: Parcel, route: Route) -> Outcome:
    if not settings.HUIYING_MAIL_READY:
        return failed(NOT_SET_UP)
    connection = get_connection(timeout=SECONDS)
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    mail = EmailMessage(
        subject=" ".join(subject.split()),
        body=text,
        to=[route.address],
        connection=connection,
        headers={"Message-ID": f"<{parcel.ident}@{host}>", "Auto-Submitted": "auto-generated"},
    )
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        return failed(_said(error, route))
    try:
        return _handed_over(mail, route)
    finally:
        connection.close()


def _handed_over(mail: EmailMessage, route: Route) -> Outcome:
    try:
        taken = mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        code = max((code for code, _words in error.recipients.values()), default=0)
        return failed(_said(error, route), Result.REFUSED if code >= 500 else Result.FAILED)
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        return failed(_said(error, route), Result.REFUSED if error.smtp_code >= 500 else Result.FAILED)
    except (OSError, smtplib.SMTPException) as error:  # broken off: the server may have it
        return failed(_said(error, route), Result.UNKNOWN)
    return sent(TAKEN) if taken else failed(_said(None, route))


def _said(error: Exception | None, route: Route) -> Text:
    """What the mail server said, in its own words, without the address."""
    words = scrub(_words(error), route)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Text(f"邮件服务器不认这个账号：{words}", f"The mail server refused the account: {words}")
    return Text(f"邮件没有发成：{words}", f"The mail was not sent: {words}")


def _words(error: Exception | None) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{code} {_text(words)}" for code, words in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    if isinstance(error, TimeoutError):
        return "timeout"
    return str(error or "").strip() or type(error).__name__


def _text(words: bytes | str) -> str:
    return words.decode("utf-8", errors="replace") if isinstance(words, bytes) else words
