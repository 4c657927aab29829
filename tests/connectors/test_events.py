"""What the generic reader makes of hand-made files, rule by rule."""

import gzip
import json
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec
import polars as pl
import pytest

from connectors import events
from connectors.contract import number_of
from connectors.inventory import find_exports
from connectors.settings import EventMapping, SourceSettings
from connectors.source import Source, open_source
from models.problems import ExportRefused
from tests.connectors.tables import Tables, tables_of

HEADER = "who,when,what,where"
COLUMNS = {"actor": "who", "at": "when", "action": "what", "space": "where"}
Put = Callable[..., Source]


def mapping_of(**keys: Any) -> EventMapping:
    """A mapping of `HEADER` unless told otherwise."""
    base: dict[str, Any] = {"match": "*", "platform": "intranet", "columns": COLUMNS}
    return msgspec.convert({**base, **keys}, EventMapping)


def load(source: Source, mapping: EventMapping, **settings: Any) -> Tables:
    return tables_of(events.read(source, SourceSettings(events=mapping, **settings)), canary="SECRET")


def refusal(source: Source, mapping: EventMapping, **settings: Any) -> ExportRefused:
    with pytest.raises(ExportRefused) as caught:
        load(source, mapping, **settings)
    assert "SECRET" not in str(caught.value)
    return caught.value


def rows(tables: Tables, *columns: str, table: str = "event") -> list[tuple[object, ...]]:
    return tables[table].select(columns).rows()


def rules(tables: Tables, table: str) -> list[tuple[object, ...]]:
    return tables[table].select("rule", "line" if table == "quarantine" else "n_records").rows()


@pytest.fixture
def put(tmp_path: Path) -> Put:
    def write(*lines: str | dict[str, Any], name: str = "log.csv", encoding: str = "utf-8") -> Source:
        texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        path = tmp_path / name
        path.write_bytes("\n".join((*texts, "")).encode(encoding))
        return open_source(path, name)

    return write


def test_a_row_becomes_one_event_with_all_its_columns(put):
    source = put(HEADER, "ann,2024-01-02T03:04:05Z,post,news")
    tables = load(source, mapping_of(workspace="w"))
    assert tables["event"].to_dicts() == [{
        "workspace": "w", "space": "news", "space_alias": None, "event_scope": "natural",
        "event_number": number_of("ann\0002024-01-02 03:04:05\0post\0\0news"), "thread_scope": None,
        "thread_number": None, "occurred_at": datetime(2024, 1, 2, 3, 4, 5), "time_basis": "own", "action": "post",
        "is_contribution": True, "account": "ann", "actor_kind": "human", "via_app": False, "is_delegated": False,
        "target_account": None, "target_number": None, "bytes_delta": None, "is_revert": None, "is_minor": None,
        "is_record": True, "version_at": None, "member": "", "line": 2}]
    assert rows(tables, "workspace", "space", "visibility", "is_record", table="space") == [
        ("w", "news", "public", False)]
    assert tables["coverage"].rows() == [("w", date(2024, 1, 2), date(2024, 1, 2), False)]
    assert tables["capability"].rows() == [(False, False, False, False, True)]


def test_the_workspace_is_the_mappings_then_the_sources_then_the_platform(put):
    source = put(HEADER, "ann,2024-01-02T03:04:05Z,post,news")
    for mapping, settings, expected in (("a", "b", "a"), (None, "b", "b"), (None, None, "intranet")):
        tables = load(source, mapping_of(workspace=mapping), workspace=settings)
        assert rows(tables, "workspace") == [(expected,)]


def test_raw_actions_are_mapped_and_unknown_ones_are_counted_and_never_contribute(put):
    source = put(HEADER, *(f"ann,2024-01-0{day}T00:00:00Z,{what},news"
                           for day, what in enumerate(("Wrote", "Looked", "SECRET", "SECRET2", "post"), 1)))
    tables = load(source, mapping_of(actions={"Wrote": "post", "Looked": "other"}))
    assert rows(tables, "action", "is_contribution") == [
        ("post", True), ("other", False), ("other", False), ("other", False), ("other", False)]
    assert rules(tables, "note") == [("PPL-EVT-004", 3)]


def test_equal_rows_without_an_id_are_told_apart_by_their_ordinal(put):
    same = "ann,2024-01-02T03:04:05Z,post,news"
    first = load(put(HEADER, same, "bob,2024-01-02T03:04:05Z,post,news", same, same), mapping_of())
    again = load(put(HEADER, same, same), mapping_of())
    numbers = first["event"]["event_number"]
    assert numbers.n_unique() == 4
    assert again["event"]["event_number"].to_list() == [numbers[0], numbers[2]], "whatever stands between them"


def test_ids_number_events_and_repeated_ones_are_left_to_the_warehouse(put):
    source = put("id,who,when,what", "17,ann,2024-01-02T03:04:05Z,post", "17,ann,2024-01-02T03:04:05Z,post",
                 "a-7,ann,2024-01-02T03:04:05Z,post", "0017,ann,2024-01-02T03:04:05Z,post",
                 "1764000000000000001,ann,2024-01-02T03:04:05Z,post")
    tables = load(source, mapping_of(columns={"id": "id", "actor": "who", "at": "when", "action": "what"}))
    assert rows(tables, "event_scope", "event_number") == [
        ("event", number) for number in (17, 17, number_of("a-7"), number_of("0017"),
                                         number_of("1764000000000000001"))]


def test_threads_replies_and_targets(put):
    source = put("id,who,when,what,thread,to", "1,ann,2024-01-02T03:04:05Z,post,,",
                 "2,bob,2024-01-02T03:05:05Z,reply,1,ann")
    columns = {"id": "id", "actor": "who", "at": "when", "action": "what", "thread": "thread", "target_account": "to"}
    tables = load(source, mapping_of(columns=columns))
    assert rows(tables, "thread_scope", "thread_number", "target_account") == [("event", 1, None), ("event", 1, "ann")]
    columns = {"id": "id", "actor": "who", "at": "when", "action": "what", "reply_to": "thread"}
    tables = load(source, mapping_of(columns=columns))
    assert rows(tables, "thread_scope", "thread_number", "target_number") == [("event", 1, None), ("event", None, 1)]
    columns = {"id": "id", "actor": "who", "at": "when", "action": "what", "target": "to"}
    assert rows(load(source, mapping_of(columns=columns)), "thread_scope", "thread_number") == [
        (None, None), ("target", number_of("ann"))]


def test_kinds_of_actors_and_their_identifiers(put):
    source = put("who,mail,oid,when", "ann,ann@acme.example,o-1,2024-01-02T03:04:05Z",
                 "ann,ann@acme.example,o-1,2024-01-02T03:04:05Z", "eve,eve@other.example,,2024-01-02T03:04:05Z",
                 "svc-backup,,,2024-01-02T03:04:05Z", ",,,2024-01-02T03:04:05Z",
                 "x#EXT#@acme.example,,,2024-01-02T03:04:05Z", "zoe@acme.example,,,2024-01-02T03:04:05Z")
    mapping = mapping_of(columns={"actor": "who", "email": "mail", "directory_id": "oid", "at": "when"},
                         constants={"action": "post"}, bots=["svc-*"])
    tables = load(source, mapping, home_domains=("ACME.example",))
    assert rows(tables, "account", "actor_kind", "is_contribution") == [
        ("ann", "human", True), ("ann", "human", True), ("eve", "external", True), ("svc-backup", "bot", False),
        (None, "unknown", False), ("x#EXT#@acme.example", "external", True), ("zoe@acme.example", "human", True)]
    assert sorted(rows(tables, "account", "kind", "identifier", table="account_identifier")) == [
        ("ann", "directory_id", "o-1"), ("ann", "email", "ann@acme.example"), ("eve", "email", "eve@other.example"),
        ("zoe@acme.example", "email", "zoe@acme.example")]


def test_a_listed_account_is_a_guest_or_closed_only_where_something_says_so(put):
    source = put("type,who,mail,gone,when", "user,ann,ann@acme.example,,",
                 "user,eve,eve@other.example,2024-01-02T03:04:05Z,", "user,bo,,,")
    for columns, domains, expected in (
        ({"account": "who", "email": "mail", "deleted_at": "gone"},
         ("acme.example",), [("ann", False, False), ("eve", True, True), ("bo", None, False)]),
        ({"account": "who", "email": "mail"}, (), [("ann", None, None), ("eve", None, None), ("bo", None, None)]),
    ):
        rule = {"column": "type", "values": ["user"], "kind": "account", "columns": columns}
        mapping = mapping_of(columns={"actor": "who", "at": "when"}, constants={"action": "post"}, rows=[rule])
        tables = load(source, mapping, home_domains=domains)
        assert rows(tables, "account", "is_guest", "is_deactivated", table="account") == expected


def test_deleted_and_edited_records_are_versions(put):
    source = put("who,when,what,edited,deleted", "ann,2024-01-02T03:04:05Z,post,2024-01-03T00:00:00Z,",
                 "ann,2024-01-02T03:04:06Z,post,,2024-01-04T00:00:00Z", "ann,2024-01-02T03:04:07Z,post,,true",
                 "ann,2024-01-02T03:04:08Z,post,,false", "ann,2024-01-02T03:04:09Z,post,yesterday,")
    columns = {"actor": "who", "at": "when", "action": "what", "edited_at": "edited", "deleted_at": "deleted"}
    tables = load(source, mapping_of(columns=columns))
    assert rows(tables, "action", "is_contribution", "version_at") == [
        ("post", True, datetime(2024, 1, 3)), ("other", False, datetime(2024, 1, 4)), ("other", False, None),
        ("post", True, None)]
    assert rules(tables, "quarantine") == [("PPL-TIM-004", 6)]


def test_private_rows_are_excluded_unless_switched_on_and_direct_ones_always(put):
    source = put("who,when,what,where,access", *(f"ann,2024-01-02T03:04:05Z,post,{access},{access}"
                                                 for access in ("open", "closed", "secret-1", "dm", "")))
    mapping = mapping_of(rows=[{"column": "access", "values": ["closed", "secret-*"], "rule": "private_space"},
                               {"column": "access", "values": ["dm"], "rule": "direct_message"}])
    tables = load(source, mapping)
    assert sorted(rules(tables, "exclusion")) == [("direct_message", 1), ("private_space", 2)]
    assert rows(tables, "space") == [("open",), (None,)]
    tables = load(source, mapping, include=("public", "private", "direct"))
    assert rules(tables, "exclusion") == [("direct_message", 1)]
    assert rows(tables, "space", "visibility", table="space") == [
        ("open", "public"), ("closed", "private"), ("secret-1", "private")]
    assert rows(tables, "account", "report", "n_posted", "period_to", "is_record", table="usage") == [
        (None, "direct_messages", 1, date(2024, 1, 31), False)]


@pytest.mark.parametrize(("visibility", "rule"), [("private", "private_space"), ("direct", "direct_message")])
def test_a_constant_says_that_a_whole_file_is_not_public(put, visibility, rule):
    source = put(HEADER, "ann,2024-01-02T03:04:05Z,post,news")
    tables = load(source, mapping_of(constants={"visibility": visibility}))
    assert rules(tables, "exclusion") == [(rule, 1)]
    assert tables["event"].height == tables["space"].height == 0


def test_a_space_that_an_export_with_a_list_of_spaces_does_not_list_is_not_read(put):
    source = put({"t": "space", "name": "open"}, {"t": "space", "name": "board", "p": "yes"},
                 *({"t": "post", "where": where, "who": "ann", "at": "2024-01-02T00:00:00Z"}
                   for where in ("open", "board", "hidden")), name="log.ndjson")
    mapping = mapping_of(format="ndjson", columns={"actor": "who", "at": "at", "space": "where"},
                         constants={"action": "post"},
                         rows=[{"column": "t", "values": ["space"], "kind": "space", "private": ["yes"],
                                "columns": {"space": "name", "visibility": "p"}}])
    source.path.write_text(source.path.read_text().replace('"open"}', '"open", "p": "no"}', 1))
    tables = load(open_source(source.path, "log.ndjson"), mapping)
    assert rows(tables, "space") == [("open",)]
    assert sorted(rules(tables, "exclusion")) == [("private_space", 2), ("undeclared_space", 1)]


def test_only_listed_accounts_are_loaded_whatever_their_case(put):
    source = put(HEADER, *(f"{who},2024-01-02T03:04:05Z,post,news" for who in ("@AcmeCorp", "acmecorp", "SECRET", "")))
    tables = load(source, mapping_of(platform="facebook", accounts=["AcmeCorp"]))
    assert rows(tables, "account") == [("@AcmeCorp",), ("acmecorp",)]
    assert rules(tables, "exclusion") == [("not_listed_account", 2)]


def test_a_column_that_is_empty_throughout_is_noted(put):
    source = put({"who": "ann", "at": "2024-01-02T00:00:00Z"}, {"who": "ann", "at": "2024-01-03T00:00:00Z"})
    mapping = mapping_of(format="ndjson", columns={"actor": "user", "at": "at"}, constants={"action": "post"})
    assert rules(load(source, mapping), "note") == [("PPL-EVT-008", 2)]


def test_only_named_columns_are_read(put):
    source = put("who,when,what,where,text", "ann,2024-01-02T03:04:05Z,post,news,SECRET")
    assert rows(load(source, mapping_of()), "account") == [("ann",)]


def test_dotted_names_lead_into_objects_and_into_json_in_a_cell(put):
    record = {"by": {"user": {"id": 7}}, "a.b": "2024-01-02T00:00:00Z", "text": "SECRET"}
    mapping = mapping_of(format="ndjson", columns={"actor": ["by.bot.id", "by.user.id"], "at": "a.b"},
                         constants={"action": "post"})
    assert rows(load(put(record), mapping), "account", "occurred_at") == [("7", datetime(2024, 1, 2))]
    cell = json.dumps(record).replace('"', '""')
    mapping = mapping_of(columns={"actor": "data.by.user.id", "at": "at"}, constants={"action": "post"})
    source = put("at,data", f'2024-01-02T00:00:00Z,"{cell}"', "2024-01-02T00:00:00Z,{broken",
                 "2024-01-02T00:00:00Z,")
    tables = load(source, mapping)
    assert rows(tables, "account") == [("7",), (None,)]
    assert rules(tables, "quarantine") == [("PPL-EVT-012", 3)]


def test_nested_events_belong_to_their_record(put):
    source = put({"id": "9", "who": "ann", "at": "2024-01-02T00:00:00Z", "replies": [
        {"who": "bob", "at": "2024-01-03T00:00:00Z", "text": "SECRET",
         "likes": [{"who": "cy", "as": "+1::skin-tone-3"}]},
        {"who": "bob"}, "SECRET", {"who": "bob", "at": "soon"}], "likes": [{"who": "bob", "as": "+1"}]})
    like = {"path": "likes", "columns": {"actor": "who", "emoji": "as"}, "constants": {"action": "react"}}
    mapping = mapping_of(
        format="ndjson", columns={"actor": "who", "at": "at", "id": "id"}, constants={"action": "post"},
        nested=[{"path": "replies", "columns": {"actor": "who", "at": "at"}, "constants": {"action": "reply"},
                 "nested": [like]}, like])
    tables = load(source, mapping)
    assert rows(tables, "account", "action", "time_basis", "event_scope", "thread_number", "target_account",
                "is_record") == [
        ("ann", "post", "own", "event", 9, None, True), ("bob", "reply", "own", "natural", 9, "ann", False),
        ("cy", "react", "target", "react:+1", 9, "bob", False), ("bob", "reply", "target", "natural", 9, "ann", False),
        ("bob", "react", "target", "react:+1", 9, "ann", False)]
    assert tables["event"]["event_number"][2] == tables["event"]["event_number"][1]
    assert sorted(rules(tables, "note")) == [("PPL-EVT-009", 1), ("PPL-EVT-009", 1)]
    assert tables["capability"]["has_reactions"].item()


def test_separators_encodings_and_compression(put, tmp_path):
    expected = [("Zoé",)]
    source = put("who;when;what;where", "Zoé;2024-01-02T03:04:05Z;post;news", encoding="cp1252")
    assert rows(load(source, mapping_of(separator=";", encoding="cp1252")), "account") == expected
    assert refusal(source, mapping_of(separator=";")).problem.code == "PPL-TXT-002"
    assert refusal(source, mapping_of(separator=";", encoding="ascii")).problem.code == "PPL-TXT-002"
    source = put("who\twhen\twhat\twhere", "Zoé\t2024-01-02T03:04:05Z\tpost\tnews", encoding="utf-16")
    assert rows(load(source, mapping_of(separator="\t")), "account") == expected
    text = json.dumps({"who": "Zoé", "when": "2024-01-02T03:04:05Z", "what": "post", "where": "x"}, ensure_ascii=False)
    for encoding in ("utf-8-sig", "utf-16"):
        source = put(text, name="log.ndjson", encoding=encoding)
        assert rows(load(source, mapping_of(format="ndjson")), "account") == expected
    path = tmp_path / "log.csv.gz"
    path.write_bytes(gzip.compress(f"{HEADER}\nZoé,2024-01-02T03:04:05Z,post,news\n".encode()))
    assert rows(load(open_source(path, path.name), mapping_of()), "account") == expected


def test_json_lists_wherever_they_are(put):
    record = {"who": "ann", "when": "2024-01-02T03:04:05Z", "what": "post", "where": "news"}
    for text, items in ((json.dumps([record]), None), (json.dumps({"a": {"b": [record]}}), "a.b"),
                        (json.dumps([record]), "a.b"), (f"window.x.part0 = {json.dumps([record])};", None)):
        source = put(text, name="log.json")
        assert rows(load(source, mapping_of(format="json", items=items)), "account", "line") == [("ann", 1)]


def test_members_of_a_zip_are_chosen_by_name(tmp_path):
    with zipfile.ZipFile(tmp_path / "log.zip", "w") as archive:
        for name in ("a.csv", "b.csv", "photo.jpg"):
            archive.writestr(name, f"{HEADER}\nann,2024-01-02T03:04:05Z,post,{name}\n")
    source = open_source(tmp_path / "log.zip", "log.zip")
    tables = load(source, mapping_of(members="*.csv"))
    assert rows(tables, "space", "member") == [("a.csv", "a.csv"), ("b.csv", "b.csv")]
    assert refusal(source, mapping_of(members="*.xml")).problem.code == "PPL-EVT-005"


def test_parquet_with_typed_and_nested_columns(tmp_path):
    frame = pl.DataFrame({
        "who": [{"id": 7}, {"id": 8}], "when": [datetime(2024, 1, 2, 3, 4, 5, 6), datetime(2024, 7, 2)],
        "what": ["post", "post"], "text": ["SECRET", "SECRET"]}).with_columns(pl.col("when").cast(pl.Datetime("ns")))
    mapping = mapping_of(format="parquet", columns={"actor": "who.id", "at": "when", "action": "what"},
                         zone="Europe/Paris")
    frame.write_parquet(tmp_path / "log.parquet")
    source = open_source(tmp_path / "log.parquet", "log.parquet")
    expected = [("7", datetime(2024, 1, 2, 2, 4, 5, 6), 1), ("8", datetime(2024, 7, 1, 22), 2)]
    assert rows(load(source, mapping), "account", "occurred_at", "line") == expected
    with zipfile.ZipFile(tmp_path / "log.zip", "w") as archive:
        archive.write(tmp_path / "log.parquet", "log.parquet")
    assert rows(load(open_source(tmp_path / "log.zip", "z"), mapping), "account", "occurred_at", "line") == expected
    aware = frame.with_columns(pl.col("when").dt.replace_time_zone("America/New_York"), pl.lit(7).alias("who"))
    aware.write_parquet(tmp_path / "log.parquet")
    mapping = mapping_of(format="parquet", columns={"actor": "who", "at": "when", "action": "what"})
    tables = load(open_source(tmp_path / "log.parquet", "log.parquet"), mapping)
    assert rows(tables, "occurred_at") == [(datetime(2024, 1, 2, 8, 4, 5, 6),), (datetime(2024, 7, 2, 4),)]


def test_the_stated_window_is_the_coverage(put):
    source = put(HEADER, "ann,2024-01-02T03:04:05Z,post,news")
    tables = load(source, mapping_of(), window_from="2024-01-01", window_to="2024-01-31")
    assert tables["coverage"].rows() == [("intranet", date(2024, 1, 1), date(2024, 1, 31), True)]


def test_a_mapped_file_is_claimed_whatever_it_looks_like(put, tmp_path):
    put("PersonId,Organization", "p1,A", name="roster.csv")
    put(HEADER, name="log.csv")
    mapping = mapping_of(format="ndjson")
    found = find_exports(tmp_path, lambda file: SourceSettings(events=mapping if "log" in file else None),
                         ignore=frozenset())
    assert [(one.file, one.connector and one.connector.name, one.format) for one in found] == [
        ("log.csv", "events", "events-ndjson"), ("roster.csv", "roster", "roster-csv")]
    assert found[0].connector is not None
    assert found[0].connector.platform_for(SourceSettings(events=mapping)) == "intranet"
    assert events.detect(open_source(tmp_path / "log.csv", "log.csv")) is None


def test_usage_rows_of_accounts_units_and_totals(put):
    source = put("who,unit,day,posted,read,likes,users", "ann,,2024-01-02,1,2,,", ",Sales,2024-01-02,,5,0,3",
                 "ann,,03/04/2024,1,1,1,1", name="u.csv")
    columns = {"actor": "who", "org_unit": "unit", "on": "day", "posted": "posted", "read": "read",
               "reacted": "likes", "active_accounts": "users"}
    mapping = mapping_of(kind="usage", columns=columns, constants={"report": "daily", "used_platform": "teams"})
    assert refusal(source, mapping).problem.code == "PPL-TIM-002"
    source = put("who,unit,day,posted,read,likes,users", "ann,,2024-01-02,1,2,,", ",Sales,2024-01-02,,5,0,3",
                 "ann,,2024-01-02,1.5,1,1,1", "ann,,,1,1,1,1", "ann,,2024-01-02,-1,1,1,1", name="u.csv")
    tables = load(source, mapping)
    assert rows(tables, "used_platform", "account", "org_unit", "period_from", "period_to", "report", "n_posted",
                "n_read", "n_reacted", "n_active_accounts", table="usage") == [
        ("teams", "ann", None, date(2024, 1, 2), date(2024, 1, 2), "daily", 1, 2, None, None),
        ("teams", None, "Sales", date(2024, 1, 2), date(2024, 1, 2), "daily", None, 5, 0, 3)]
    assert rules(tables, "quarantine") == [("PPL-CSV-009", 4), ("PPL-EVT-006", 5), ("PPL-CSV-008", 6)]
    assert tables["coverage"].height == tables["event"].height == 0
    assert tables["capability"].rows() == [(True, True, False, False, False)]


def test_usage_periods_may_be_constants_and_must_not_end_before_they_start(put):
    source = put("who,until,read", "ann,2024-01-31,4", "ann,2023-12-31,4", "ann,,4", name="u.csv")
    mapping = mapping_of(kind="usage", columns={"actor": "who", "to": "until", "read": "read"},
                         constants={"report": "r", "from": "2024-01-01"})
    tables = load(source, mapping)
    assert rows(tables, "period_from", "period_to", table="usage") == [(date(2024, 1, 1), date(2024, 1, 31))]
    assert rules(tables, "quarantine") == [("PPL-EVT-006", 3), ("PPL-EVT-006", 4)]


def test_a_trace_counts_a_message_once_and_forgets_who_wrote_it(put):
    mapping = mapping_of(platform="email", kind="trace", columns={"actor": "from", "at": "at", "id": "id"})
    source = put("at,from,to,id", "2024-01-07T23:59:59Z,ANN@acme.example,SECRET,1",
                 "2024-01-08T00:00:00Z,ann@acme.example,SECRET,2", "2024-01-08T00:00:00Z,ann@acme.example,SECRET,2",
                 "2024-01-08T00:00:00Z,new@acme.example,SECRET,3", "2024-01-08T00:00:00Z,SECRET@x.example,SECRET,4",
                 "2024-01-08T00:00:00Z,,SECRET,5", "never,ann@acme.example,SECRET,6")
    tables = load(source, mapping, home_domains=("acme.example",), units={"ann@acme.example": "Sales"})
    assert rows(tables, "org_unit", "period_from", "period_to", "n_posted", "n_posting_accounts", "used_platform",
                table="usage") == [
        ("Sales", date(2024, 1, 1), date(2024, 1, 7), 1, 1, "email"),
        (None, date(2024, 1, 8), date(2024, 1, 14), 1, 1, "email"),
        ("Sales", date(2024, 1, 8), date(2024, 1, 14), 1, 1, "email")]
    assert sorted(rules(tables, "exclusion")) == [
        ("aggregated", 3), ("further_recipient", 1), ("no_sender", 1), ("outside_sender", 1)]
    assert rules(tables, "quarantine") == [("PPL-TIM-004", 8)]
    assert all("acme" not in table.write_json() for table in tables.values())
    assert refusal(source, mapping).problem.code == "PPL-EVT-007"


def test_what_the_reader_uses_of_the_settings_decides_when_a_file_is_read_again():
    plain = SourceSettings(events=mapping_of())
    trace = SourceSettings(events=mapping_of(kind="trace", platform="email"))
    uses = events.CONNECTOR.uses
    assert uses(plain) == uses(msgspec.structs.replace(plain, units={"a": "b"}))
    assert uses(trace) != uses(msgspec.structs.replace(trace, units={"a": "b"}))
    assert uses(plain) != uses(SourceSettings(events=mapping_of(zone="UTC")))
