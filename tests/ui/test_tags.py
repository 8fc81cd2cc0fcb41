"""The tags: accessible, escaped, silent about what does not exist."""

import time
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.template import engines
from django.test import RequestFactory

from ui.figures import Rate
from ui.gallery import ALL_STATES, KESTREL, SampleForm
from ui.icons import ICONS
from ui.stones import Stone, StoneState

NOW = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)


def rendered(template: str, **context: Any) -> str:
    return str(engines["django"].from_string(template).render({"now": NOW, **context}))  # type: ignore[attr-defined]


def test_it_writes_a_moment_with_the_exact_time_beside() -> None:
    html = rendered("{% when at %}", at=datetime(2026, 3, 6, 9, 5, 12, tzinfo=UTC))
    assert html == (
        '<time datetime="2026-03-06T09:05:12+00:00" title="Friday 6 March 2026, 09:05:12 UTC">'
        "Fri 6 March, 09:05</time>"
    )


def test_it_reads_the_clock_of_the_request() -> None:
    request = RequestFactory().get("/")
    request.now = datetime(2026, 3, 7, 9, 0, tzinfo=UTC)  # type: ignore[attr-defined]
    html = rendered("{% when at %}", now=None, request=request, at=datetime(2026, 3, 6, 9, 5, tzinfo=UTC))
    assert ">yesterday 09:05<" in html


def test_it_writes_days_and_times_of_day() -> None:
    assert ">29 May<" in rendered("{% day at %}", at=date(2026, 5, 29))
    assert ">14 Nov<" in rendered("{% day at short=True %}", at=date(2025, 11, 14))
    assert ">09:05<" in rendered("{% clock at %}", at=datetime(2026, 3, 6, 9, 5, tzinfo=UTC))


@pytest.mark.parametrize("tag", ["when", "day", "clock"])
def test_it_draws_a_dash_for_what_has_not_happened(tag: str) -> None:
    assert rendered(f"{{% {tag} at %}}", at=None) == "–"


def test_it_escapes_what_people_typed_into_a_drawing() -> None:
    stones = [Stone("<script>", StoneState.VERIFIED, said="<b>", warning="<i>", href='"><script>')]
    for size in ("tiny", "page", "card"):
        html = rendered(f'{{% path stones title="<u>" size="{size}" %}}', stones=stones)
        assert "<script>" not in html
        assert "<b>&" not in html
        assert "<i>" not in html


def test_it_says_a_path_in_words_at_every_size() -> None:
    tiny = rendered('{% path stones title="Kestrel" size="tiny" %}', stones=KESTREL)
    assert "<title>Kestrel: 1 verified, 1 verified after a contest, 1 evidenced, 1 in progress" in tiny
    page = rendered('{% path stones title="Kestrel" seed=7 %}', stones=KESTREL)
    assert all(stone.name in page and stone.words in page for stone in KESTREL)
    assert 'aria-current="step"' in page
    card = rendered('{% path stones title="Kestrel" size="card" seed=7 %}', stones=KESTREL)
    assert "<desc>1. First report trusted: Verified 14 Nov." in card


def test_it_gives_two_paths_on_a_page_different_ids() -> None:
    html = rendered("{% path one seed=1 %}{% path two seed=2 %}", one=KESTREL, two=ALL_STATES)
    ids = [part.partition('"')[0] for part in html.split(' id="')[1:]]
    assert len(ids) == len(set(ids)) == len(KESTREL) + len(ALL_STATES)


def test_it_draws_fifty_tiny_paths_in_a_few_milliseconds() -> None:
    template = engines["django"].from_string(  # type: ignore[attr-defined]
        '{% for name in names %}{% path stones title=name size="tiny" %}{% endfor %}'
    )
    context = {"names": [f"Customer {n}" for n in range(50)], "stones": KESTREL}
    template.render(context)
    fastest = min(_seconds(lambda: template.render(context)) for _ in range(5))
    assert fastest < 0.03


def _seconds(act: Any) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


@pytest.mark.parametrize("state", [state.value for state in StoneState])
@pytest.mark.parametrize("size", [16, 48, 220])
def test_it_draws_a_state_at_any_size(state: str, size: int) -> None:
    html = rendered("{% stone state size=size title='A state' %}", state=state, size=size)
    assert f'width="{size}"' in html
    assert "<title>A state</title>" in html
    assert f"stone--{state.replace('_', '-')}" in html


def test_it_hides_a_stone_without_a_title() -> None:
    assert 'aria-hidden="true"' in rendered('{% stone "verified" %}')


@pytest.mark.parametrize("name", sorted(ICONS))
def test_it_draws_icons_as_decoration(name: str) -> None:
    assert 'aria-hidden="true"' in rendered("{% icon name %}", name=name)


def test_it_names_the_icons_there_are_when_one_is_missing() -> None:
    with pytest.raises(KeyError, match="there are: "):
        rendered('{% icon "nonsense" %}')


def test_it_gives_a_figure_its_company() -> None:
    html = rendered(
        '{% figure "Achieved" rate definition="Of those due." href="/late/" link="57 customers" %}',
        rate=Rate(57, 84, 0.573, 0.768, 0.75),
    )
    for words in ("68%", "57 of 84", "95% interval 57 to 77%", "target 75%", "Of those due.", "/late/"):
        assert words in html
    assert "–" in rendered('{% figure "Achieved" rate %}', rate=Rate(0, 0))


def test_it_ties_label_help_and_fault_to_the_control() -> None:
    html = rendered("{% field form.target %}", form=SampleForm({"target": "0"}))
    assert '<label for="id_target">Target' in html
    assert 'aria-describedby="id_target_helptext id_target_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_target_helptext"' in html
    assert 'id="id_target_error"' in html


def test_it_keeps_the_classes_a_control_brought() -> None:
    assert 'class="input words tall"' in rendered('{% field form.words css="tall" %}', form=SampleForm())


def test_it_says_what_may_be_left_out() -> None:
    assert "optional" in rendered("{% field form.words %}", form=SampleForm())
    assert "optional" not in rendered("{% field form.words optional=False %}", form=SampleForm())
    assert "optional" not in rendered("{% field form.name %}", form=SampleForm())


def test_it_groups_choices_under_a_legend() -> None:
    html = rendered('{% field form.commitment look="segments" %}', form=SampleForm())
    assert "<legend>Commitment</legend>" in html
    assert html.count('type="radio"') == 3
    assert 'class="seg"' in html


def test_it_renders_hidden_fields_bare() -> None:
    class Hidden(forms.Form):
        version = forms.IntegerField(widget=forms.HiddenInput, initial=3)

    assert rendered("{% field form.version %}", form=Hidden()).startswith('<input type="hidden"')


def test_it_links_each_fault_to_its_control() -> None:
    html = rendered("{% error_summary form %}", form=SampleForm({"target": "0", "csm": "1"}))
    assert "3 things to correct. Nothing you wrote is lost." in html
    assert 'href="#id_name"' in html
    assert 'href="#id_target"' in html
    assert 'href="#id_commitment_0"' in html
    assert rendered("{% error_summary form %}", form=SampleForm()).strip() == ""


def test_it_counts_faults_of_several_forms_together() -> None:
    class Picky(forms.Form):
        def clean(self) -> None:
            raise forms.ValidationError("The end lies before the start.")

    html = rendered("{% error_summary one two %}", one=Picky({}), two=Picky({}))
    assert "2 things to correct" in html
    assert html.count("The end lies before the start.") == 2


def test_it_links_only_to_pages_that_exist() -> None:
    assert rendered('{% nav_url "nowhere:page" %}') == ""
    organisation = SimpleNamespace(slug="harbour")
    settings = rendered('{% nav_url "nowhere:page" "organisations:settings" %}', organisation=organisation)
    assert settings == "/o/harbour/settings/"
    assert rendered('{% nav_url "account_logout" %}', organisation=organisation) == "/accounts/logout/"


@pytest.mark.parametrize(
    ("cookie", "attribute"),
    [("dark", ' data-theme="dark"'), ("light", ' data-theme="light"'), ("", ""), ('"><script>', "")],
)
def test_it_takes_the_theme_from_the_cookie(cookie: str, attribute: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES["theme"] = cookie
    assert rendered("{% theme %}", request=request) == attribute
