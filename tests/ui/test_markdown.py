"""Markdown that people write becomes HTML that is safe, whatever they write."""

import pytest

from ui.markdown import mail_html, plain_text


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**b** and *i*", "<strong>b</strong> and <em>i</em>"),
        ("- one\n- two", "<li"),
        ("[us](https://a.example/?a=1&b=2)", 'href="https://a.example/?a=1&amp;b=2"'),
        ("<script>alert(1)</script>", "&lt;script&gt;"),
        ("<b onclick=x>", "&lt;b onclick=x&gt;"),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
        ("![x](https://a.example/x.png)", '!<a href="https://a.example/x.png">x</a>'),
    ],
)
def test_it_lets_through_what_is_text_and_nothing_that_acts(text, html):
    assert html in mail_html(text)


def test_its_styles_stand_in_attributes():
    assert mail_html("Hello") == '<p style="margin:0 0 16px;">Hello</p>\n'


def test_what_is_filled_in_is_text_and_is_filled_in_once():
    html = mail_html(
        "Dear {person}, {other}", {"person": "[a](https://b.example) <i>{other}</i>", "other": "&"}
    )
    assert "Dear [a](https://b.example) &lt;i&gt;{other}&lt;/i&gt;, &amp;" in html


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("**{milestone}** is *done*.", "{milestone} is done."),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("- one\n- two", "- one\n- two"),
        ("see [our page](https://a.example/x) now", "see our page (https://a.example/x) now"),
        ("[no](javascript:x)", "[no](javascript:x)"),
    ],
)
def test_as_text_it_has_no_marks(text, plain):
    assert plain_text(text) == plain
