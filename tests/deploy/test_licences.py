"""Licences of what is pinned: all read, all accepted."""

from email.message import Message
from importlib.metadata import PackageMetadata
from typing import cast

import pytest

from tests.deploy.licences import Licensed, licence, licensed


def said(**headers: str) -> PackageMetadata:
    message = Message()
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    return cast(PackageMetadata, message)


def accepted(text: str, *, shipped: bool = True) -> bool:
    return Licensed("a", "1", text, shipped).is_accepted


def test_every_pinned_package_comes_under_a_licence_that_is_accepted() -> None:
    found = list(licensed())

    assert {each.name: each.licence for each in found if not each.is_accepted} == {}
    assert len(found) > 100


@pytest.mark.parametrize(
    ("headers", "read"),
    [
        ({"License_Expression": "MIT AND PSF-2.0", "License": "see file"}, "MIT AND PSF-2.0"),
        ({"Classifier": "License :: OSI Approved :: MIT License", "License": "GPL"}, "MIT"),
        ({"License": "3-Clause BSD License\nCopyright"}, "BSD-3-Clause"),
        ({"License": "Apache-2.0"}, "Apache-2.0"),
        ({"Classifier": "License :: OSI Approved"}, "nothing"),
        ({}, "nothing"),
    ],
)
def test_a_licence_is_read_where_it_stands(headers: dict[str, str], read: str) -> None:
    assert licence(said(**headers)) == read


@pytest.mark.parametrize(
    "text",
    [
        "GPL-3.0-only",
        "MIT AND LGPL-2.1-only",
        "AGPL-3.0-or-later OR SSPL-1.0",
        "nothing",
        "Other/Proprietary License",
        "MPL-2.0",
    ],
)
def test_what_asks_for_more_or_is_unknown_is_not_accepted(text: str) -> None:
    assert not accepted(text)


def test_one_of_several_alternatives_is_enough_and_tests_may_use_more() -> None:
    assert accepted("GPL-2.0-only OR (MIT AND BSD-2-Clause)")
    assert accepted("MPL-2.0 AND MIT", shipped=False)
    assert not accepted("GPL-3.0-only", shipped=False)
