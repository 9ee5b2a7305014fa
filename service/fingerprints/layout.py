"""Where each feature stands in the bytes of a fingerprint; writing and reading follow this.

    header   the fields of ``Header``
    vectors  the arrays of ``VECTORS``
    anchors  the arrays of ``ANCHORS``
    text     id, title, source, tag and the anchors' surfaces, NUL between them

No byte lies between two of them, and all numbers are little-endian. Header and vectors have
one size for all articles of one model, so they are an array of records as soon as those of
many articles are joined (``record``). Text is Windows-1251 where that holds every character
(half the size for Russian), else UTF-8. Another order or type is another ``LAYOUT``.
"""

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Annotated, Any, NamedTuple, get_type_hints

import numpy as np
from numpy.typing import NDArray

from service.fingerprints.keywords import KEYWORDS
from service.fingerprints.minhash import SHINGLE_ROWS, TEMPLATE_ROWS

LAYOUT = 3
"""First byte of every payload."""


class Header(NamedTuple):
    """The fixed beginning of a payload; beside each field its type, as numpy writes it."""

    layout: Annotated[int, "u1"]
    names: Annotated[int, "u1"]
    """How many, as ``numbers``."""
    numbers: Annotated[int, "u1"]
    items: Annotated[int, "u1"]
    tokens: Annotated[int, "u4"]
    version: Annotated[int, "u8"]
    published_ms: Annotated[int, "i8"]
    digest: Annotated[int, "u8"]
    length: Annotated[int, "u4"]
    """Bytes of the whole payload."""
    body_width: Annotated[int, "u2"]
    head_width: Annotated[int, "u2"]
    opinion_width: Annotated[int, "u2"]
    """0 unless a second encoder gave its opinion."""
    cues: Annotated[int, "u8"]
    flags: Annotated[int, "u1"]
    lang: Annotated[bytes, "S3"]


@dataclass(frozen=True, slots=True)
class Part:
    """One array behind the header."""

    name: str
    dtype: np.dtype[Any]
    count: int | str
    """Of values; or the header's field that says how many."""

    def values(self, said: Callable[[str], Any]) -> Any:
        """How many, where ``said`` gives a header's field: an integer, or an array of many's."""
        return said(self.count) if isinstance(self.count, str) else self.count


VECTORS = (
    Part("shingle_rows", np.dtype("u1"), SHINGLE_ROWS),
    Part("template_rows", np.dtype("u1"), TEMPLATE_ROWS),
    Part("keywords", np.dtype("<u4"), KEYWORDS),
    Part("keyword_weights", np.dtype("u1"), KEYWORDS),
    Part("body_vector", np.dtype("i1"), "body_width"),
    Part("head_vector", np.dtype("i1"), "head_width"),
    Part("opinion_vector", np.dtype("i1"), "opinion_width"),
)
ANCHORS = (
    Part("names", np.dtype("<u4"), "names"),
    Part("numbers", np.dtype("<u4"), "numbers"),
    Part("name_weights", np.dtype("u1"), "names"),
    Part("number_weights", np.dtype("u1"), "numbers"),
)
"""All ids lie together and all weights do, so that a batch takes each in one slice."""
_PARTS = VECTORS + ANCHORS

_LETTERS = {"u1": "B", "u2": "H", "u4": "I", "u8": "Q", "i8": "q", "S3": "3s"}
"""numpy's types as ``struct`` writes them: it reads a single header five times as fast."""
_TYPES: dict[str, str] = {
    field: hint.__metadata__[0]
    for field, hint in get_type_hints(Header, include_extras=True).items()
}
HEADER = struct.Struct("<" + "".join([_LETTERS[kind] for kind in _TYPES.values()]))

HEADS = np.dtype([(field, f"<{kind}") for field, kind in _TYPES.items()])
"""The same as a type of numpy."""


SHINGLES = slice(HEADER.size, HEADER.size + SHINGLE_ROWS)
"""Where the first of ``VECTORS`` stands, in every payload."""


def _at(field: str) -> int:
    """Where a field of the header stands."""
    before = Header._fields[: Header._fields.index(field)]
    return struct.calcsize("<" + "".join([_LETTERS[_TYPES[each]] for each in before]))


LENGTH_AT, FLAGS_AT, LANG = _at("length"), _at("flags"), slice(_at("lang"), HEADER.size)
"""What is asked of many payloads by itself."""

_SAY = {part.count for part in _PARTS}
_COUNTED = tuple(field for field in _TYPES if field in _SAY)
"""Header fields that say how many values an array has."""
_counts = struct.Struct(
    "<" + "".join([_LETTERS[k] if f in _SAY else f"{k[1:]}x" for f, k in _TYPES.items()])
)

Widths = tuple[int, int, int]
WIDTHS = ("body_width", "head_width", "opinion_width")
widths_of: Callable[[Header], Widths] = attrgetter(*WIDTHS)
"""The header's fields that an encoder settles: equal for all articles of one model."""


class Places(NamedTuple):
    """Where everything behind a header stands, in bytes from the payload's beginning."""

    arrays: dict[str, tuple[np.dtype[Any], int, int]]
    """By name: type, number of values, start."""
    text: int


def places(payload: bytes) -> Places:
    """Where its arrays and its text stand. Of the header what says so is read, and no more: this is
    asked of each candidate.
    """
    return _places(_counts.unpack_from(payload))


# Articles of one model have 41 numbers of names by 25 of numbers; this is room for two models.
@lru_cache(maxsize=1 << 11)
def _places(counts: tuple[int, ...]) -> Places:
    said = dict(zip(_COUNTED, counts, strict=True)).__getitem__
    at = starts(said)
    arrays = {part.name: (part.dtype, part.values(said), at[part.name]) for part in _PARTS}
    return Places(arrays, at["text"])


def starts(said: Callable[[str], Any]) -> dict[str, Any]:
    """Bytes before each array, by its name, and before ``text``; see ``Part.values``."""
    found: dict[str, Any] = {}
    at: Any = HEADER.size
    for part in _PARTS:
        found[part.name] = at
        at = at + part.values(said) * part.dtype.itemsize
    return {**found, "text": at}


def joined(vectors: Mapping[str, NDArray[Any]]) -> list[bytes]:
    """The bytes of each article's vectors, from the arrays of all, by name, shape (n, width)."""
    columns = [np.ascontiguousarray(vectors[part.name], part.dtype) for part in VECTORS]
    rows = np.hstack([column.view(np.uint8) for column in columns])
    octets, size = rows.tobytes(), rows.shape[1]
    return [octets[at : at + size] for at in range(0, len(octets), size)]


@lru_cache(maxsize=8)
def record(widths: Widths) -> np.dtype[np.void]:
    """Header and vectors by encoders of these widths, as one type of numpy."""
    said = dict(zip(WIDTHS, widths, strict=True)).__getitem__
    fields: list[Any] = [(field, f"<{kind}") for field, kind in _TYPES.items()]
    fields += [(part.name, part.dtype, (part.values(said),)) for part in VECTORS]
    return np.dtype(fields)
