"""A TOML file of an operator's, read as a model; what is wrong with it is said in one line."""

import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from workers.errors import OnestoryError
from workers.wording import cause

M = TypeVar("M", bound=BaseModel)


def read_toml(file: Path, model: type[M]) -> M:
    """The file's content.

    Raises:
        OnestoryError: it can't be read, is no TOML (with the line), or breaks the model (with the
            key).
    """
    try:
        return model.model_validate(tomllib.loads(file.read_text("utf-8")))
    except OSError as error:
        raise OnestoryError(f"{file}: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise OnestoryError(f"{file}: no TOML: {error}") from error
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, each['loc']))}: {cause(each['msg'])}"
            for each in error.errors(include_url=False)
        )
        raise OnestoryError(f"{file}: {problems}") from error
