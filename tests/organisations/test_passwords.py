"""What a password must be, and what it may be. Each test names the requirement of ASVS 5.0 it proves."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth import password_validation
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.test import Client

from organisations.models import User
from tests.organisations.signing import is_in, sign_in


def refusals(password: str, user: User | None = None) -> list[str]:
    try:
        password_validation.validate_password(password, user)
    except ValidationError as refused:
        return [error.code for error in refused.error_list]
    return []


def test_it_refuses_the_commonest_passwords() -> None:
    """ASVS 6.2.4: of the 3,000 most common, and of 17,000 after them, none is taken."""
    path = Path(password_validation.__file__).parent / "common-passwords.txt.gz"
    common = gzip.decompress(path.read_bytes()).decode().split("\n")[:-1]
    assert len(common) >= 19_000
    assert len(CommonPasswordValidator().passwords) >= 19_000
    assert [password for password in common if not refusals(password)] == []
    long_enough = [password for password in common if len(password) >= 10]
    assert long_enough
    assert {code for password in long_enough[:50] for code in refusals(password)} == {"password_too_common"}


def test_it_takes_capitals_for_no_difference() -> None:
    """ASVS 6.2.4."""
    assert "password_too_common" in refusals("Password123")


@pytest.mark.parametrize("password", ["short-9!", "harbour.x", "123456789"])
def test_it_refuses_what_is_short(password: str) -> None:
    """ASVS 6.2.1."""
    assert "password_too_short" in refusals(password)


@pytest.mark.parametrize(
    "password", ["only small letters", "ALLCAPSWITHOUTDIGITS", "пароль на русском", "🗝" * 12, "x y " * 40]
)
def test_it_wants_no_kinds_of_characters_and_takes_long_ones(password: str) -> None:
    """ASVS 6.2.5, 6.2.9."""
    assert refusals(password) == []


@pytest.mark.django_db
def test_it_refuses_ones_own_name_and_address(mara: User) -> None:
    """ASVS 6.2.11."""
    for password in ("mara lindqvist", "mara@harbour.example", "maralindqvist1"):
        assert refusals(password, mara) == ["password_too_similar"], password


@pytest.mark.django_db
def test_it_compares_a_password_as_it_was_typed(client_for: Callable[[User], Client], mara: User) -> None:
    """ASVS 6.2.8: nothing cut, nothing folded, no space taken away."""
    password = "  Long " + "ü" * 90 + " end  "
    given = {"oldpassword": "a-long-enough-password", "password1": password}
    client_for(mara).post("/accounts/password/change/", given)
    for typed in (password.strip(), password.lower(), password[:72]):
        client = Client()
        sign_in(client, mara.email, typed)
        assert not is_in(client)
    client = Client()
    sign_in(client, mara.email, password)
    assert is_in(client)
