"""Entries of the dead-letter stream, read as what anybody may have written there."""

from base64 import b64decode

from pydantic import ValidationError

from contracts.dead_letter import DeadLetter
from workers.state.entries import Fields
from workers.wording import cause


class Unreadable(Exception):
    """An entry of ``{NS}:dead`` that holds no dead letter; it can only be dropped."""


def letter_in(entry: Fields) -> DeadLetter:
    """The letter in an entry's field ``data``.

    Raises:
        Unreadable: there is none, or its fields are not as it says they are.
    """
    if b"data" not in entry:
        raise Unreadable("it has no field 'data'")
    try:
        letter = DeadLetter.model_validate_json(entry[b"data"])
        fields_of(letter)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise Unreadable(
            f"{'.'.join(map(str, first['loc'])) or 'it'}: {cause(first['msg'])}"
        ) from error
    except ValueError as error:
        raise Unreadable(f"fields: {error}") from error
    return letter


def fields_of(letter: DeadLetter) -> dict[bytes, bytes]:
    """The fields of the entry that a letter is about, as they came.

    Raises:
        ValueError: its encoding is none, or not theirs.
    """
    if letter.encoding == "base64":
        return {
            b64decode(name, validate=True): b64decode(value, validate=True)
            for name, value in letter.fields.items()
        }
    if letter.encoding != "utf-8":
        raise ValueError(f"encoding {letter.encoding[:20]!r}, expected utf-8 or base64")
    return {name.encode(): value.encode() for name, value in letter.fields.items()}
