"""Strict reading of JSON lists: fast for sound text, exact about the place and the kind of a fault.

Knows no platform: a connector hands over the typed shape of an item and names its faults. Sound text is decoded twice
by msgspec, once typed and once only to see whether an object repeats a key (2 µs an item); everything else takes the
slow path, which reads item by item with the standard library. Nested objects keep the last of repeated keys.

What stays within its limits costs nearly nothing to check: few texts have enough brackets to be nested too deeply, and
of a number that is too long every 2,150th byte is a digit.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, Never, TypeVar

import msgspec

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why one item cannot be used: `field` is a field of the shape, `kind` is type, pattern, missing, ..."""

    kind: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class BadText(Exception):
    """Why a text cannot be read at all, for the caller to refuse its file with."""

    code: str
    what: str
    fix: str = "Export again; this file is damaged."


@dataclass(slots=True)
class Findings:
    """What was odd in a list and kept: items by place from 1, texts too long to be of use, all keys of its items."""

    keys: set[str] = field(default_factory=set)
    is_thorough: bool = False
    """Whether invalid Unicode is looked for in fields outside the shape too, which takes time."""
    repaired: list[int] = field(default_factory=list)
    n_long: int = 0

    def look_at(self, items: list[object], fields: set[str]) -> None:
        """Items that the slow path has read."""
        for place, item in enumerate(items, 1):
            self.n_long += _count_long(item)
            if isinstance(item, dict):
                self.add_keys([item])
                read = item if self.is_thorough else {name: item[name] for name in fields & item.keys()}
                if _has_lone_surrogate(read):
                    self.repaired.append(place)

    def add_keys(self, items: Sequence[Mapping[str, object]]) -> None:
        """The keys of some items, until there are absurdly many."""
        if len(self.keys) < _MOST_KEYS:
            self.keys.update(*items)


class Shape(Generic[T]):
    """A typed item of a list and its decoder, built once."""

    def __init__(self, item: type[T]) -> None:
        self._item = item
        self.fields = {field.encode_name for field in msgspec.structs.fields(item)}  # type: ignore[arg-type]
        self.decoder: msgspec.json.Decoder[list[T]] = msgspec.json.Decoder(list[item])  # type: ignore[valid-type]

    def typed(self, item: object) -> T | Fault:
        """One item that the slow path has read."""
        if not isinstance(item, _Object):
            return Fault("object")
        if item.repeated is not None:
            return Fault("repeated", item.repeated if item.repeated in self.fields else "")
        try:
            return msgspec.convert(_clean(item), type=self._item)
        except _NotFiniteError:
            return Fault("not finite")
        except msgspec.ValidationError as error:
            return _fault(str(error))


_DEPTH: Final = 128
_DIGITS: Final = 4_300
_STRIDE: Final = _DIGITS // 2
_LONG: Final = 1 << 20
_MOST_KEYS: Final = 100_000
_QUOTED: Final = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_STRING: Final = re.compile(_QUOTED, re.DOTALL)
_BRACKET: Final = re.compile(_QUOTED + rb"|[\[{\]}]", re.DOTALL)
_LONG_INTEGER: Final = re.compile(_QUOTED + rb"|[0-9]{%d}[0-9]*+(?![.eE])" % (_DIGITS + 1), re.DOTALL)
_TWO_DIGITS: Final = re.compile(rb"[0-9](?=[0-9])")
_LONE: Final = re.compile("[\ud800-\udfff]")
_LONE_ESCAPE: Final = re.compile(
    rb"\\u[dD](?:[89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD])[c-fC-F])")

_ANYTHING: Final = msgspec.json.Decoder()
_KEYED: Final = msgspec.json.Decoder(list[dict[str, msgspec.Raw]])
_RAW: Final = msgspec.json.Decoder(list[msgspec.Raw])
_PRETTY: Final = b'[\n    {\n        "'
_SPACE: Final = re.compile(r"[ \t\r\n]*")
_FAULT: Final = re.compile(r"`(?:\$\.?)([\w.]*)")
_MISSING: Final = re.compile(r"missing required field `(\w+)`")


def utf8(data: bytes) -> bytes:
    """The text as UTF-8 without a mark; UTF-16 is accepted where a mark says so."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16").encode()
        except UnicodeError as error:
            raise BadText("PPL-TXT-002", "is not UTF-16 although it starts like it") from error
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    if not data.isascii():
        try:
            data.decode()
        except UnicodeDecodeError as error:
            what = f"is not UTF-8 at byte {error.start}"
            raise BadText("PPL-TXT-002", what, "Export again, or save the file as UTF-8.") from error
    return data


def decode_items(data: bytes, shape: Shape[T], findings: Findings | None = None) -> list[T | Fault]:
    """Every item of a JSON list, typed, or its fault; raises `BadText` if the text is not one JSON list."""
    data = utf8(data)
    _check_limits(data)
    is_broken = findings is not None and findings.is_thorough and _LONE_ESCAPE.search(data) is not None
    try:
        if not is_broken:
            _ANYTHING.decode(data)  # a typed decoder skips numbers that are out of range in fields it does not know
            keyed = _KEYED.decode(data)
            if _has_unique_keys(data, keyed):
                items: list[T | Fault] = []
                items += shape.decoder.decode(data)
                if findings is not None:
                    findings.add_keys(keyed)
                    findings.n_long += _count_long_raw(data, keyed)
                return items
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        pass  # the slow path finds and names the fault
    slow = _slow_items(data)
    if findings is not None:
        findings.look_at(slow, shape.fields)
    return [shape.typed(item) for item in slow]


def count_items(data: bytes) -> int:
    """How many items a JSON list holds, without reading any; `""` is a placeholder, not an item."""
    data = utf8(data)
    _check_limits(data)
    try:
        return sum(bytes(raw) != b'""' for raw in _RAW.decode(data))
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return sum(item != "" for item in _slow_items(data))


def _check_limits(data: bytes) -> None:
    if _is_too_deep(data):
        raise BadText("PPL-JSN-003", f"nested deeper than the reader allows ({_DEPTH} levels)")
    if len(data) > _DIGITS and _has_long_integer(data):
        raise BadText("PPL-JSN-006", f"an integer has more than {_DIGITS:,} digits")


def _is_too_deep(data: bytes) -> bool:
    if data.count(b"{") + data.count(b"[") <= _DEPTH:
        return False
    try:
        items = _RAW.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return _depth(data) > _DEPTH
    texts = (bytes(item) for item in items)
    return any(text.count(b"{") + text.count(b"[") >= _DEPTH and _depth(text) >= _DEPTH for text in texts)


def _depth(data: bytes) -> int:
    """How deeply a text is nested, or just that it is too deep."""
    deepest = depth = 0
    for token in _BRACKET.finditer(data):
        first = data[token.start() : token.start() + 1]
        depth += (first in b"[{") - (first in b"]}")
        deepest = max(deepest, depth)
        if deepest > _DEPTH:
            break
    return deepest


def _has_long_integer(data: bytes) -> bool:
    """A long run of digits covers two neighbouring samples and all between them; then strings are told apart."""
    for pair in _TWO_DIGITS.finditer(data[::_STRIDE]):
        place = pair.start() * _STRIDE
        if data[place : place + _STRIDE + 1].isdigit():
            return any(token[0][:1] != b'"' for token in _LONG_INTEGER.finditer(data))
    return False


def _count_long_raw(data: bytes, items: list[dict[str, msgspec.Raw]]) -> int:
    if len(data) <= _LONG:
        return 0
    values = (bytes(value) for item in items for value in item.values() if memoryview(value).nbytes > _LONG)
    return sum(token.end() - token.start() > _LONG for text in values for token in _STRING.finditer(text))


def _count_long(value: object) -> int:
    if isinstance(value, str):
        return len(value) > _LONG
    if isinstance(value, dict):
        return sum(map(_count_long, value.values()))
    return sum(map(_count_long, value)) if isinstance(value, list) else 0


def _has_lone_surrogate(value: object) -> bool:
    if isinstance(value, str):
        return _LONE.search(value) is not None
    if isinstance(value, dict):
        return any(_has_lone_surrogate(name) or _has_lone_surrogate(element) for name, element in value.items())
    return isinstance(value, list) and any(map(_has_lone_surrogate, value))


def _has_unique_keys(data: bytes, items: list[dict[str, msgspec.Raw]]) -> bool:
    """Whether surely no item repeats a key; False also for unusual spacing.

    A decoded object drops the repeated key, so encoding it again without spaces loses more than the spaces. How many
    spaces a key and an item carry follows from the style, of which three occur: compact, spaced and indented by four.
    """
    n_keys = sum(map(len, items))
    n_spaces = len(data.rstrip()) - len(msgspec.json.encode(items))
    if data.startswith(_PRETTY):
        return n_spaces == 10 * (n_keys + len(items)) + 1 and {} not in items
    if n_spaces == 0:
        return True
    first_colon = data.find(b'":')
    return data[first_colon + 2 : first_colon + 3] == b" " and n_spaces == 2 * n_keys - 1 and {} not in items


class _Object(dict[str, object]):
    """A JSON object that remembers whether a key was repeated."""

    repeated: str | None = None


class _NotFiniteError(ValueError):
    pass


def _object(pairs: list[tuple[str, object]]) -> _Object:
    result = _Object(pairs)
    if len(result) != len(pairs):
        names = [name for name, _ in pairs]
        result.repeated = next(name for name in names if names.count(name) > 1)
    return result


_NOT_FINITE: Final = "\0not finite"


def _mark(_: str) -> str:
    return _NOT_FINITE


def _finite(digits: str) -> float | str:
    value = float(digits)
    return value if math.isfinite(value) else _NOT_FINITE


_READER: Final = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_mark, parse_float=_finite,
                                  parse_int=lambda digits: int(digits) if len(digits) < 20 else float(digits))


def _slow_items(data: bytes) -> list[object]:
    text = data.decode()
    place = _skip(text, 0)
    if text[place : place + 1] != "[":
        _refuse_other_than_list(text, place, data)
    place = _skip(text, place + 1)
    items: list[object] = []
    if text[place : place + 1] == "]":
        place += 1
    else:
        while True:
            item, place = _one(text, place)
            items.append(item)
            place = _skip(text, place)
            mark = text[place : place + 1]
            if mark not in {",", "]"}:
                _refuse_at(text, place)
            place += 1
            if mark == "]":
                break
            place = _skip(text, place)
    place = _skip(text, place)
    if place < len(text):
        raise BadText("PPL-JSN-001", f"extra data at byte {_bytes(text, place)}")
    return items


def _one(text: str, place: int) -> tuple[object, int]:
    try:
        return _READER.raw_decode(text, place)
    except RecursionError as error:
        raise BadText("PPL-JSN-003", "nested deeper than the reader allows") from error
    except json.JSONDecodeError as error:
        _refuse_at(text, len(text) if error.msg.startswith("Unterminated") else error.pos)


def _skip(text: str, place: int) -> int:
    match = _SPACE.match(text, place)
    return match.end() if match else place


def _bytes(text: str, place: int) -> int:
    return len(text[:place].encode())


def _refuse_at(text: str, place: int) -> Never:
    kind = "truncated" if _skip(text, place) >= len(text) else "invalid"
    raise BadText("PPL-JSN-001", f"{kind} JSON at byte {_bytes(text, place)}")


def _refuse_other_than_list(text: str, place: int, data: bytes) -> Never:
    if not data.strip():
        raise BadText("PPL-JSN-001", "truncated JSON at byte 0")
    value, end = _one(text, place)
    if _skip(text, end) < len(text):
        raise BadText("PPL-JSN-001", f"extra data at byte {_bytes(text, _skip(text, end))}")
    found = "an object" if isinstance(value, dict) else "another value"
    raise BadText("PPL-JSN-002", f"expected a list, found {found}",
                  "Check that the download succeeded; an error answer is not an export.")


def _clean(value: object) -> object:
    """The value with lone surrogates replaced; raises if a number is not finite."""
    if isinstance(value, str):
        if value == _NOT_FINITE:
            raise _NotFiniteError
        return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_clean(element) for element in value]
    if isinstance(value, dict):
        return {_clean(name): _clean(element) for name, element in value.items()}
    return value


def _fault(message: str) -> Fault:
    """The fault behind a validation message, which names fields of the shape and never a value."""
    missing = _MISSING.search(message)
    if missing:
        return Fault("missing", missing[1])
    place = _FAULT.search(message)
    return Fault("pattern" if "matching regex" in message else "type", place[1] if place else "")
