"""An event from the first note to its correction, as those who write and read it see it."""

from __future__ import annotations

import pytest

from tests.clients import Api
from timeline.services.ledger import first_broken

pytestmark = pytest.mark.django_db


def test_an_event_is_drafted_reviewed_published_corrected_and_withdrawn(
    anonymous: Api, writer: Api, publisher: Api
) -> None:
    # A contributor notes what a report says, on whose word, and submits it.
    source = writer.post(
        "sources",
        {"title": "The report", "text": "In August the court heard the case.", "kind": "article"},
    ).json()
    court = writer.post("actors", {"name": "The court", "kind": "organisation"}).json()
    draft = writer.post(
        "events",
        {
            "title": "A court hears the case",
            "date": {"text": "in August", "edtf": "2019-08", "basis": "inferred"},
            "kind": "hearing",
            "tags": ["Courts"],
            "participations": [{"actor": court["id"], "role": "court"}],
        },
    ).json()
    path = f"events/{draft['id']}"
    passage = {"source": source["id"], "event": draft["id"], "quote": "heard the case"}
    assert writer.post("citations", passage).json()["anchor"] == "exact"
    assert writer.post(f"{path}/submit").json()["publication"] == "in_review"
    assert writer.post(f"{path}/publish").status_code == 403
    assert anonymous.get(path).status_code == 404

    # An editor publishes it with what it rests on. Of the source the public sees no text.
    for about in (f"sources/{source['id']}", f"actors/{court['id']}"):
        assert publisher.post(f"{about}/publish").status_code == 200
    approved = publisher.post(f"{path}/approve", {"reason": "Checked."})
    assert approved.status_code == 200
    public = anonymous.get(path).json()
    assert public["participations"][0]["actor"]["name"] == "The court"
    assert [c["quote"] for c in public["citations"]] == ["heard the case"]
    assert public["date"]["label"] == "August 2019"
    assert anonymous.get(f"sources/{source['id']}").json()["text"] is None
    assert anonymous.ids("events", tag="courts", within="2019", match="certain") == [draft["id"]]
    assert anonymous.ids("tags") == ["courts"]

    # The date was wrong. Two editors see it; the second, who read the old version, is told so.
    tag = publisher.get(path).headers["ETag"]
    corrected = publisher.patch(
        path,
        {"date": {"edtf": "2019-09-03", "text": None}, "reason": "The minutes say so."},
        headers={"If-Match": tag},
    )
    assert corrected.status_code == 200
    late = publisher.patch(path, {"title": "x"}, headers={"If-Match": tag})
    assert late.status_code == 412
    assert anonymous.get(path).json()["date"]["edtf"] == "2019-09-03"
    assert anonymous.ids("events", overlapping="2019-08") == []

    # It is withdrawn: for the public there is no such event, nor its tag.
    assert publisher.post(f"{path}/withdraw").json()["publication"] == "withdrawn"
    assert anonymous.get(path).status_code == 404
    assert anonymous.ids("events") == anonymous.ids("tags") == anonymous.ids("citations") == []
    assert publisher.get(path).json()["version"] == corrected.json()["version"] + 1
    assert first_broken() is None
