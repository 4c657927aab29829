"""Strict reading of JSON lists: fast for sound text, exact about the place and the kind of a fault.

Knows no platform: a connector hands over the typed shape of an item and names its faults. Sound text is decoded twice
by msgspec, once typed and once only to see whether an object repeats a key (2 µs an item); everything else takes the
slow path, which reads item by item with the standard library. Nested objects keep the last of repeated keys.
"""

import json
import re
from dataclasses import dataclass
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


class Shape(Generic[T]):
    """A typed item of a list and its decoder, built once."""

    def __init__(self, item: type[T]) -> None:
        self._item = item
        self._fields = {field.encode_name for field in msgspec.structs.fields(item)}  # type: ignore[arg-type]
        self.decoder: msgspec.json.Decoder[list[T]] = msgspec.json.Decoder(list[item])  # type: ignore[valid-type]

    def typed(self, item: object) -> T | Fault:
        """One item that the slow path has read."""
        if not isinstance(item, _Object):
            return Fault("object")
        if item.repeated is not None:
            return Fault("repeated", item.repeated if item.repeated in self._fields else "")
        try:
            return msgspec.convert(_clean(item), type=self._item)
        except _NotFiniteError:
            return Fault("not finite")
        except msgspec.ValidationError as error:
            return _fault(str(error))


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


def decode_items(data: bytes, shape: Shape[T]) -> list[T | Fault]:
    """Every item of a JSON list, typed, or its fault; raises `BadText` if the text is not one JSON list."""
    data = utf8(data)
    try:
        if _has_unique_keys(data):
            items: list[T | Fault] = []
            items += shape.decoder.decode(data)
            return items
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        pass  # the slow path finds and names the fault
    return [shape.typed(item) for item in _slow_items(data)]


def count_items(data: bytes) -> int:
    """How many items a JSON list holds, without reading any; `""` is a placeholder, not an item."""
    data = utf8(data)
    try:
        return sum(bytes(raw) != b'""' for raw in _RAW.decode(data))
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return sum(item != "" for item in _slow_items(data))


def _has_unique_keys(data: bytes) -> bool:
    """Whether surely no item repeats a key; False also for unusual spacing.

    A decoded object drops the repeated key, so encoding it again without spaces loses more than the spaces. How many
    spaces a key and an item carry follows from the style, of which three occur: compact, spaced and indented by four.
    """
    items = _KEYED.decode(data)
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


_READER: Final = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_mark,
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
