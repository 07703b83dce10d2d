"""People and a world to curate. Models are imported when Django is set up, which is later."""

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

if TYPE_CHECKING:
    from tests.admin.world import World


@pytest.fixture(scope="module")
def world_of_the_module(lasting: None) -> "World":
    from tests.admin.world import make_world

    return make_world()


@pytest.fixture
def world(world_of_the_module: "World", db: Any) -> "World":
    return deepcopy(world_of_the_module)


@pytest.fixture
def contributor(db: Any) -> Client:
    from tests.admin.world import client_of, person

    return client_of(person("contributor"))


@pytest.fixture
def editor(db: Any) -> Client:
    from tests.admin.world import client_of, person

    return client_of(person("editor"))


@pytest.fixture
def administrator(db: Any) -> Client:
    from tests.admin.world import client_of, person

    return client_of(person("administrator"))
