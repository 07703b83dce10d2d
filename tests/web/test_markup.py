from __future__ import annotations

import pytest

from timeline.web.markup import host_of, language_tag, to_html, to_plain, web_address


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        pytest.param("*so*", "<p><em>so</em></p>", id="emphasis"),
        pytest.param("# Head", "<h3>Head</h3>", id="headings begin below the page's"),
        pytest.param(
            "<script>alert(1)</script>x",
            "<p>&lt;script&gt;alert(1)&lt;/script&gt;x</p>",
            id="script",
        ),
        pytest.param(
            "<b onclick='x()'>x</b>", "<p>&lt;b onclick='x()'&gt;x&lt;/b&gt;</p>", id="tag"
        ),
        pytest.param("![x](https://example.org/x.png)", "<p></p>", id="image of another host"),
        pytest.param(
            "[x](https://example.org)",
            '<p><a href="https://example.org" rel="noopener noreferrer nofollow">x</a></p>',
            id="link",
        ),
        pytest.param(
            "[x](JaVaScRiPt:alert(1))", "<p>[x](JaVaScRiPt:alert(1))</p>", id="link that runs"
        ),
        pytest.param(
            "[x](ftp://example.org)",
            '<p><a rel="noopener noreferrer nofollow">x</a></p>',
            id="link that is not of the web",
        ),
    ],
)
def test_markdown_becomes_html_in_which_nothing_runs(written: str, shown: str) -> None:
    assert to_html(written).strip() == shown


def test_an_excerpt_has_no_markup_left() -> None:
    assert to_plain("# Who & *what*\n\n**x** [y](https://example.org) " + "z " * 99, 6) == (
        "Who & what x y z …"
    )


@pytest.mark.parametrize(
    ("url", "followed"),
    [
        pytest.param("https://example.org/x", True, id="https"),
        pytest.param("HTTP://example.org", True, id="http in capitals"),
        pytest.param("javascript:alert(1)", False, id="script"),
        pytest.param("data:text/html,x", False, id="data"),
        pytest.param("ftp://example.org", False, id="ftp"),
        pytest.param("//example.org", False, id="no scheme"),
        pytest.param("https://", False, id="no host"),
        pytest.param("https://[::1", False, id="broken"),
        pytest.param("", False, id="empty"),
        pytest.param(None, False, id="none"),
    ],
)
def test_only_addresses_of_the_web_are_linked(url: str | None, followed: bool) -> None:
    assert bool(web_address(url)) is followed


def test_a_link_is_told_by_its_host() -> None:
    assert host_of("https://www.example.org/a?b") == "example.org"


@pytest.mark.parametrize(
    ("tag", "kept"),
    [("zh-Hans", "zh-Hans"), ("ar-Latn-EG", "ar-Latn-EG"), ("x y", ""), ('"><b>', ""), ("", "")],
)
def test_a_language_is_told_only_by_what_may_be_its_tag(tag: str, kept: str) -> None:
    assert language_tag(tag) == kept
