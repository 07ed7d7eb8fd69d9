"""Writing a message out in words."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.template import Context, TemplateDoesNotExist, TemplateSyntaxError, VariableDoesNotExist, engines
from django.template.backends.django import Template

from ebok.foundation.formats import NBSP
from ebok.foundation.utility import utility
from ebok.notifications.domain import (
    Attachment,
    Channel,
    MessageKind,
    RenderedMessage,
    RenderedSms,
    first_fitting,
    plain_letters,
    readable_code,
)


class TemplateBroken(Exception):
    """A template of a message cannot be used; the text says which and why."""


def sms_available() -> bool:
    """Whether this installation can send SMS at all."""
    return bool(settings.EBOK_SMS_URL)


def channels_open() -> tuple[Channel, ...]:
    """The channels this installation sends by."""
    return tuple(Channel) if sms_available() else (Channel.EMAIL,)


def render(
    *,
    key: UUID,
    kind: MessageKind,
    language: str,
    recipient: str,
    context: Mapping[str, str],
    queued_at: datetime,
    attachments: tuple[Attachment, ...] = (),
) -> RenderedMessage:
    """Write the message out: subject, text and its HTML twin from the same context.

    A subject's template has a line for each way to put it; the first one that is short enough is taken.

    :raises UnfitMessage: when a header would be broken or the subject is too long.
    :raises TemplateBroken: when a template of this kind cannot be used.
    """
    values, folder = _values(context), f"notifications/{language}/{kind.value}"
    subjects = _written(f"{folder}/subject.txt", values).replace(NBSP, " ").strip().split("\n")
    return RenderedMessage(
        key=key,
        recipient=recipient,
        sender=utility().email,
        sender_name=f"{utility().short_name} eBOK",
        subject=first_fitting(subjects=subjects),
        text=_written(f"{folder}/body.txt", values).strip() + "\n",
        html=_written(f"{folder}/body.html", values).strip() + "\n",
        language=language,
        queued_at=queued_at,
        attachments=attachments,
    )


def render_sms(
    *, key: UUID, kind: MessageKind, language: str, recipient: str, context: Mapping[str, str], queued_at: datetime
) -> RenderedSms:
    """Write the SMS out in plain letters; its template cuts what may be long, so that it stays one part.

    :raises UnfitMessage: when the number is none or the text does not fit.
    :raises TemplateBroken: when the template of this kind cannot be used.
    """
    plain = {name: plain_letters(value) for name, value in context.items()}
    text = _written(f"notifications/{language}/{kind.value}/sms.txt", _values(plain))
    return RenderedSms(key=key, recipient=recipient, text=plain_letters(text), queued_at=queued_at)


def _written(name: str, values: Context) -> str:
    """The template's words; whatever goes wrong in one is its fault, because contexts were checked when queued."""
    try:
        template = cast(Template, engines["django"].get_template(name))
        return str(template.template.render(values))
    except TemplateDoesNotExist as error:
        raise TemplateBroken(f"{name}: brak pliku {error}") from error
    except (TemplateSyntaxError, VariableDoesNotExist, LookupError, TypeError, ValueError, OSError) as error:
        raise TemplateBroken(f"{name}: {error}") from error


def _values(context: Mapping[str, str]) -> Context:
    code = {"code": readable_code(context["code"])} if "code" in context else {}
    site = settings.EBOK_PUBLIC_URL
    return Context({**context, **code, "utility": utility(), "site": site, "site_host": urlsplit(site).netloc})
