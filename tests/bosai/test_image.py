"""What stands beside the code in the image, and what must never get into it."""

from django.conf import settings

from tests.house.ours import ROOMS, ROOT

ALLOWED = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}


def test_every_room_is_in_the_image_and_nothing_secret() -> None:
    """.dockerignore keeps everything out but these."""
    assert (ROOT / ".dockerignore").read_text().startswith("*\n")
    needed = {*ROOMS, "manage.py", "requirements.lock"}
    needed |= {str(folder.relative_to(ROOT)) for folder in settings.STATICFILES_DIRS}
    needed |= {str(folder.relative_to(ROOT)) for each in settings.TEMPLATES for folder in each["DIRS"]}
    assert needed - ALLOWED == set()
    assert ALLOWED & {".env", ".git", "state", "deploy", "tests"} == set()
