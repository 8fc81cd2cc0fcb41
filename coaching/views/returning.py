"""Back to where somebody came from, and nowhere else."""

from django.utils.http import url_has_allowed_host_and_scheme

from organisations.access import MemberRequest


def own_page(request: MemberRequest, url: str) -> str:
    """The address if it is one of ours, else nothing."""
    is_ours = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if is_ours else ""
