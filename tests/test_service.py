"""The service as its users meet it: processes, sockets and a browser."""

import re
from urllib.request import urlopen

from playwright.sync_api import Page, expect

from tests.servers import Service


def test_the_service_answers_and_comes_back_after_a_power_cut(service: Service) -> None:
    service.kill()
    service.start()

    with urlopen(f"{service.url}/readyz") as answer:
        assert answer.status == 200


def test_the_admin_works_under_the_content_security_policy(
    seeded_service: Service, page: Page, complaints: list[str]
) -> None:
    seeded_service.manage(
        *("shell", "-c"),
        "from django.contrib.auth.models import User;"
        "User.objects.create_superuser('curator', password='a long enough one')",
    )
    page.goto(f"{seeded_service.url}/admin/")
    page.fill("#id_username", "curator")
    page.fill("#id_password", "a long enough one")
    page.click("input[type=submit]")

    expect(page).to_have_title(re.compile("^Site administration"))
    assert complaints == []
