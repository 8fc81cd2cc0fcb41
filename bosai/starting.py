"""The moment before a process serves: `bosai.checks`, said in lines a person can act on."""

import logging
import os

from django.conf import settings
from django.core.checks import CheckMessage, run_checks
from django.db import OperationalError, connections

from bosai import checks
from bosai.lifeline import SUPERVISED

log = logging.getLogger(__name__)


class Refused(SystemExit):
    """Nothing starts like this. The text says why and what to type; the interpreter prints it."""


def refuse_unsafe(*tags: str) -> None:
    """Say what is not as it should be; raise Refused when nobody may be served like that.

    Tests start processes on bare databases with a key that everybody knows: they are let through.
    """
    if settings.MODE == "test":
        return
    try:
        found = run_checks(tags=tags, include_deployment_checks=True)
    except OperationalError as error:
        raise Refused(f"Bosai does not start: the database does not answer.\n{error}") from None
    for message in found:
        if not message.is_serious():
            log.warning("%s", said(message))
    if serious := [said(message) for message in found if message.is_serious()]:
        raise Refused("\n".join(["Bosai does not start.", *serious]))


def process(*also: str) -> None:
    """Before web, worker, beat or post serve. The supervisor has looked at what all of them share."""
    refuse_unsafe(checks.SERVE, *also, *([] if os.environ.get(SUPERVISED) else [checks.START]))
    connections.close_all()  # each thread and each child opens its own


def said(message: CheckMessage) -> str:
    lines = (message.hint or "").splitlines()
    return "\n".join([f"{message.msg} ({message.id})", *(f"    {line}" for line in lines)])
