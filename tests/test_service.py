"""The service as its users meet it: processes, sockets and a browser."""

from urllib.request import urlopen

from playwright.sync_api import Page

from tests.servers import Service, running_service


def test_the_service_answers_and_comes_back_after_a_power_cut(service: Service) -> None:
    service.kill()
    service.start()

    with urlopen(f"{service.url}/readyz") as answer:
        assert answer.status == 200


def test_the_admin_works_under_the_content_security_policy(
    database_url: str, page: Page, complaints: list[str]
) -> None:
    with running_service(database_url, static_files=True) as service:
        service.manage(
            *("shell", "-c"),
            "from django.contrib.auth.models import User;"
            "User.objects.create_superuser('curator', password='a long enough one')",
        )
        page.goto(f"{service.url}/admin/")
        page.fill("#id_username", "curator")
        page.fill("#id_password", "a long enough one")
        page.click("input[type=submit]")

        assert page.title().startswith("Site administration")
        assert complaints == []
