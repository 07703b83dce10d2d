from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.test import Client

if TYPE_CHECKING:
    from tests.web.world import World


@pytest.fixture
def world(db: None) -> World:
    # This file is read before Django is set up.
    from tests.web.world import World

    return World()


@pytest.fixture
def read(client: Client) -> Callable[[str], str]:
    """Read a page's markup, which must be there."""

    def read(address: str) -> str:
        response = client.get(address)
        assert response.status_code == 200, address
        return response.content.decode()

    return read


@pytest.fixture
def words(read: Callable[[str], str]) -> Callable[[str], str]:
    """Read a page as its readers see it: the words, without the markup."""

    def words(address: str) -> str:
        markup = re.sub(r"(?s)<head>.*?</head>", " ", read(address))
        parted = re.sub(r"</(p|dt|dd|div|li|h\d|section|article)>", " ", markup)
        text = html.unescape(re.sub(r"(?s)<[^>]*>", "", parted))
        return " ".join(text.split())

    return words
