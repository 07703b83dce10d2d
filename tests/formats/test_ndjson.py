import json

from hypothesis import given

from tests.formats.events import TEXTS, event, nasty, written


def test_each_line_is_the_very_json_of_the_api():
    events = [event(), event(None, title="Undated"), event("-0489", title="Marathon")]
    lines = written("ndjson", *events).splitlines()
    assert [json.loads(line) for line in lines] == events


@given(TEXTS)
def test_no_text_ends_its_line(text):
    shown = nasty(text)
    content = written("ndjson", shown, shown)
    assert content.count(b"\n") == 2
    assert json.loads(content.split(b"\n")[1]) == shown


def test_a_lone_surrogate_or_a_huge_number_does_not_end_the_export():
    (line,) = written("ndjson", event(id="1", title="a\ud800b", extra={"n": 2**70})).splitlines()
    shown = json.loads(line)
    assert shown["title"] == "a\N{REPLACEMENT CHARACTER}b"
    assert shown["extra"] == {"n": str(2**70)}
