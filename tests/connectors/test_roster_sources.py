"""Sources of rosters by their own headers or by mapping: directory downloads, reports of workers, the demo data."""

import csv
from collections import Counter
from datetime import date, datetime
from functools import partial
from pathlib import Path

import polars as pl
import pytest

from connectors import roster
from connectors.source import open_source
from tests.connectors.test_roster import load, refusal, rows, written

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "roster"


@pytest.fixture
def table(tmp_path):
    return partial(written, tmp_path)


OLD_DOWNLOAD = ("userPrincipalName,displayName,surname,mail,givenName,objectId,userType,jobTitle,department,"
                "accountEnabled,usageLocation,streetAddress,state,country,physicalDeliveryOfficeName,city,postalCode,"
                "telephoneNumber,mobile,authenticationAlternativePhoneNumber,authenticationEmail,"
                "alternateEmailAddress,ageGroup,consentProvidedForMinor,legalAgeGroupClassification")
NEW_DOWNLOAD = OLD_DOWNLOAD.replace("objectId", "id").replace("physicalDeliveryOfficeName", "officeLocation").replace(
    "mobile", "mobilePhone") + ",companyName,creationType,directorySynced,createdDateTime"


def download(header: str, **fields: str) -> str:
    return ",".join(fields.get(name, "") for name in header.split(","))


@pytest.mark.parametrize("header", [OLD_DOWNLOAD, NEW_DOWNLOAD], ids=["old", "new"])
def test_download_of_directory_users_is_a_roster_without_managers(table, header):
    key, office = ("objectId", "physicalDeliveryOfficeName") if header == OLD_DOWNLOAD else ("id", "officeLocation")
    people = [
        {"userPrincipalName": "ann@t.example", "mail": "Ann.Lee@t.example", key: "o-1", "userType": "Member",
         "department": "Corporate Communications", "accountEnabled": "True", office: "Oslo"},
        {"userPrincipalName": "bo@t.example", key: "o-2", "userType": "Member", "department": "Sales",
         "accountEnabled": "True"},
        {"userPrincipalName": "gone@t.example", key: "o-3", "userType": "Member", "accountEnabled": "False"},
        {"userPrincipalName": "g_x.example#EXT#@t.example", key: "o-4", "userType": "Guest", "accountEnabled": "True"},
        {"userPrincipalName": "g_y.example#EXT#@t.example", key: "o-5", "userType": "guest", "accountEnabled": "False"},
    ]
    source = table(header, *(download(header, **one) for one in people), encoding="utf-8-sig")
    assert roster.detect(source) == "roster-csv"
    tables = load(source)
    assert rows(tables["person"], "person", "org_path", "location", "is_comms", "manager", "level") == [
        ("o-1", ["Corporate Communications"], "Oslo", True, None, None), ("o-2", ["Sales"], None, False, None, None)]
    assert sorted(tables["person_identifier"].rows()) == [
        ("o-1", "directory_id", "o-1"), ("o-1", "email", "Ann.Lee@t.example"), ("o-1", "email", "ann@t.example"),
        ("o-2", "directory_id", "o-2"), ("o-2", "email", "bo@t.example")]
    assert rows(tables["exclusion"], "rule", "n_records") == [("account_disabled", 1), ("guest", 2)]
    assert rows(tables["note"], "rule", "n_records") == [("PPL-ROS-007", 2), ("PPL-ROS-010", 2)]


def test_report_of_workers_is_read_by_mapping(table):
    source = table(
        "Employee ID,Worker,Business Title,Job Profile,Management Level,Manager,Manager ID,Supervisory Organization,"
        "Cost Center,Location,Hire Date,Termination Date,Worker Type,Email",
        'W1,Ann Lee,CEO,Chief,Executive,,,"Board, Office",C1,Oslo,2010-01-31,,Employee,ann@t.example',
        "W2,Bo Ek,Agent,Agent,Staff,Ann Lee,W1,Sales,C2,Bergen,2020-02-01,2024-06-30,Employee,bo@t.example")
    assert roster.detect(source) is None
    tables = load(source, person_id="Employee ID", manager_id="Manager ID", level="Management Level",
                  org_path=("Cost Center", "Supervisory Organization"), location="Location", hired_on="Hire Date",
                  left_on="Termination Date", email="Email")
    assert rows(tables["person"], "person", "manager", "org_path", "level", "hired_on", "left_on") == [
        ("W1", None, ["C1", "Board, Office"], "Executive", date(2010, 1, 31), None),
        ("W2", "W1", ["C2", "Sales"], "Staff", date(2020, 2, 1), date(2024, 6, 30))]
    assert rows(tables["note"], "rule", "n_records") == [("PPL-ROS-007", 2)]


def test_months_of_the_organisational_data_need_their_order_declared(table):
    source = table("PersonId,EffectiveDate,ManagerId,Organization", "a,10/1/2017,,X", "a,11/1/2017,,X")
    assert refusal(source).problem.code == "PPL-TIM-002"
    people = load(source, date_format="%m/%d/%Y")["person"]
    assert people["valid_from"].to_list() == [date(2017, 10, 1), date(2017, 11, 1)]


real_data = pytest.mark.skipif(not DATA.is_dir(), reason="the real rosters do not lie beside the checkout")


def plain_rows(name: str) -> list[dict[str, str]]:
    """The table as the standard library reads it, nothing interpreted."""
    with (DATA / name).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.real_data
@real_data
def test_demo_organisation_has_300_people_in_35_weeks():
    plain = plain_rows("pq_data.csv")
    source = open_source(DATA / "pq_data.csv", "pq_data.csv")
    assert roster.detect(source) == "roster-csv"
    tables = load(source, valid_from="MetricDate")
    people = tables["person"]
    assert people.height == len(plain) == 300 * 35
    assert people["person"].n_unique() == 300
    assert people["valid_from"].n_unique() == 35
    week = people.group_by(on=pl.col("valid_from").cast(pl.String), unit=pl.col("org_path").list.first(), level="level")
    assert {row[:3]: row[3] for row in week.len().rows()} == Counter(
        (row["MetricDate"], row["Organization"], row["LevelDesignation"]) for row in plain)
    assert people["is_comms"].sum() == sum("communication" in row["FunctionType"].lower() for row in plain)
    assert rows(tables["note"], "rule", "n_records") == [("PPL-ROS-010", 300 * 35)]
    assert tables["person_identifier"].height == 300


@pytest.mark.real_data
@real_data
def test_demo_meetings_give_their_organisers_as_a_snapshot():
    everything = plain_rows("mt_data.csv")
    plain = [row for row in everything if row["Organizer"] != "NA"]
    source = open_source(DATA / "mt_data.csv", "mt_data.csv")
    assert roster.detect(source) is None
    tables = load(source, person_id="Organizer", location="Region")
    people = tables["person"]
    assert people.height == len(plain) == 611
    assert rows(tables["quarantine"], "rule") == [("PPL-ROS-004",)] * (len(everything) - len(plain))
    by_unit = people.group_by(unit=pl.col("org_path").list.first(), level="level", layer="layer").len()
    assert {(unit or "NA", level or "NA", "NA" if layer is None else str(layer)): n
            for unit, level, layer, n in by_unit.rows()} == Counter(
        (row["Organization"], row["LevelDesignation"], row["Layer"]) for row in plain)
    hired = {row["Organizer"]: datetime.strptime(row["HireDate"], "%d/%m/%Y").date()
             for row in plain if row["HireDate"] != "NA"}
    assert dict(people.select("person", "hired_on").drop_nulls().unique().rows()) == hired
    assert dict(rows(tables["note"], "rule", "n_records")) == {
        "PPL-ROS-007": 611, "PPL-ROS-010": 611, "PPL-ROS-011": 611 - len({row["Organizer"] for row in plain})}


