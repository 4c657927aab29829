"""Names of the files of units: letters, digits and hyphens, one file per name, whatever other units there are."""

import re
from itertools import product

import pytest

from dashboards.slugs import LONGEST, unit_slug
from tests.dashboards.companies import HOSTILE
from tests.dashboards.test_hostile_names import PAYLOADS

STRANGE = (
    "../../x", "..", ".", "", " ", "/etc/passwd", "C:\\con", "\u55b6\u696d\u90e8", "\U0001f600", '"><img', "%2e%2e%2f",
    "sales\n", "Sales\u202e", "\ud800", "x" * 5000, "R&D", "IT", "Gro\u00dfkunden", "&#x2e;", "index", "unit-sales",
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Sales", "unit-sales"),
        ("Customer Care", "unit-customer-care"),
        ("Facilities and Workplace Services", "unit-facilities-and-workplace-services"),
        ("The Office of the Chair", "unit-the-office-of-the-chair"),
    ],
)
def test_a_plain_name_is_its_own_file(name: str, slug: str) -> None:
    assert unit_slug(name) == slug


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("IT", "unit-it-"), ("R&D", "unit-r-d-"), ("Caf\u00e9", "unit-cafe-"), ("\u55b6\u696d\u90e8", "unit-"),
        ("../../x", "unit-x-"), ("sales", "unit-sales-"), ("Office Of Sales", "unit-office-of-sales-"),
        ("Sales 2", "unit-sales-2-"), ("y" * 999, f"unit-{'y' * LONGEST}-"),
    ],
)  # fmt: skip
def test_any_other_name_ends_in_digits_that_tell_it_apart(name: str, start: str) -> None:
    slug = unit_slug(name)
    assert slug.startswith(start)
    assert re.fullmatch(r"\d{12}", slug.removeprefix(start))


@pytest.mark.parametrize("name", [*STRANGE, *HOSTILE, *PAYLOADS])
def test_a_hostile_name_stays_in_its_folder_and_short(name: str) -> None:
    assert re.fullmatch(r"unit-[a-z0-9]+(-[a-z0-9]+)*", unit_slug(name))
    assert len(unit_slug(name)) <= len("unit-") + LONGEST + len("-123456789012")


def test_no_two_names_have_the_same_file() -> None:
    alike = ["".join(letters) for letters in product("sS", "aA\u00e4", "lL", "eE\u00e9", ("s", "S", "\u00df"))]
    spaced = [f"{one}{gap}{other}" for one, gap, other in product(
        ("Care", "care", "CARE"), (" ", "  ", "-", "_", "\u00a0", " and ", " And ", " & "), ("Of", "of", "Us", "us"))]
    # the digits of another name do not make it this one
    digits = [unit_slug("IT").removeprefix("unit-").replace("-", " ").title(), unit_slug("IT"), unit_slug("IT")[5:]]
    names = {*alike, *spaced, *digits, "IT", *STRANGE, *HOSTILE, *PAYLOADS, *("z" * n for n in range(30, 90))}
    assert len(names) > 250
    assert len({unit_slug(name) for name in names}) == len(names)
