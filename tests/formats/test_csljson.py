import json

import pytest

from tests.formats.events import CONTEXT, date, source
from timeline.formats import CSL_JSON


def item(**changes):
    record = {**source(), "authors": ["Huizhong Wu"], "language": "en", **changes}
    (shown,) = json.loads(b"".join(CSL_JSON.write([record], CONTEXT)))
    return shown


def test_a_source_is_a_reference():
    shown = item(retrieved_at="2019-11-10T08:00:00Z")
    assert shown["type"] == "article-newspaper"
    assert shown["author"] == [{"literal": "Huizhong Wu"}]
    assert shown["container-title"] == "Reuters"
    assert shown["URL"] == "https://news.example/nine"
    assert shown["accessed"] == {"date-parts": [[2019, 11, 10]]}


@pytest.mark.parametrize(
    ("published", "issued"),
    [
        pytest.param("2019-11-07", {"date-parts": [[2019, 11, 7]]}, id="day"),
        pytest.param("2019-11", {"date-parts": [[2019, 11]]}, id="month"),
        pytest.param("2019", {"date-parts": [[2019]]}, id="year"),
        pytest.param("2019-11-07T13:29:21Z", {"date-parts": [[2019, 11, 7]]}, id="second"),
        pytest.param("2017/2019", {"date-parts": [[2017], [2019]]}, id="interval"),
        pytest.param("2019-11?", {"date-parts": [[2019, 11]], "circa": True}, id="doubtful"),
        pytest.param("1912~", {"literal": "about 1912"}, id="approximate"),
        pytest.param("201X", {"literal": "the 2010s"}, id="decade"),
        pytest.param("[2019-11-08..]", {"literal": "on or after 8 November 2019"}, id="after"),
        pytest.param("-0489", {"literal": "490 BCE"}, id="before the common era"),
        pytest.param(None, None, id="undated"),
    ],
)
def test_the_date_of_a_reference_is_as_precise_as_it_is_known(published, issued):
    assert item(published=date(published)).get("issued") == issued


def test_the_publisher_of_a_book_is_no_container():
    assert item(kind="book")["publisher"] == "Reuters"
