"""How this installation is doing, in words: for the people who can do something about it."""

from dashboards.status.banner import banner_context
from dashboards.status.machine import Machine
from dashboards.status.mail import MailState

__all__ = ["Machine", "MailState", "banner_context"]
