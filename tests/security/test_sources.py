"""What no source of the service does: run data as code, or read XML that can reach out."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("contracts", "service", "workers")
SOURCES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))

CALLS = {
    "eval", "exec", "compile", "__import__",
    "os.system", "os.popen", "os.execl", "os.spawnl",
    "subprocess.getoutput", "subprocess.getstatusoutput",
    "yaml.load", "yaml.unsafe_load", "yaml.full_load",
    "torch.load", "numpy.load", "np.load", "pandas.read_pickle", "joblib.load",
    "tempfile.mktemp", "ssl._create_unverified_context",
}  # fmt: skip
MODULES = {
    "pickle", "cPickle", "dill", "cloudpickle", "shelve", "marshal", "joblib",
    "xml.etree", "xml.dom", "xml.sax", "xmlrpc", "lxml", "pty", "telnetlib",
}  # fmt: skip
"""``defusedxml`` stands in front of the readers of XML."""
ALLOWED = {"xml.etree.ElementTree.Element", "xml.etree.ElementTree.ParseError"}
"""A type and an exception: what they stand for was read by defusedxml."""


def _faults(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, each.name) for each in names if _is_barred(each.name))
            case ast.ImportFrom(module=str(module), names=names):
                found = {f"{module}.{each.name}" for each in names} - ALLOWED
                barred = (each for each in found if _is_barred(each) or each in CALLS)
                yield from ((node.lineno, each) for each in barred)
            case ast.Call(func=func, keywords=keywords):
                name = ast.unparse(func)
                if name in CALLS:
                    yield node.lineno, name
                if any(each.arg == "shell" and _is_true(each.value) for each in keywords):
                    yield node.lineno, f"{name}(shell=True)"
                if any(each.arg == "allow_pickle" and _is_true(each.value) for each in keywords):
                    yield node.lineno, f"{name}(allow_pickle=True)"
                if any(each.arg == "verify" and _is_false(each.value) for each in keywords):
                    yield node.lineno, f"{name}(verify=False)"


def _is_barred(module: str) -> bool:
    return any(module == each or module.startswith(each + ".") for each in MODULES)


def _is_true(value: ast.expr) -> bool:
    return not (isinstance(value, ast.Constant) and not value.value)


def _is_false(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is False


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from xml.etree import ElementTree",
        "import xml.dom.minidom as dom",
        "from os import system",
        "eval('1')",
        "subprocess.run('ls', shell=True)",
        "subprocess.run('ls', shell=is_shell)",
        "yaml.load(text)",
        "np.load(file, allow_pickle=True)",
        "requests.get(url, verify=False)",
    ],
)
def test_what_is_looked_for_is_found(source: str) -> None:
    assert list(_faults(ast.parse(source)))


def test_no_source_runs_data_as_code() -> None:
    found = [
        (path.relative_to(ROOT).as_posix(), line, name)
        for path in SOURCES
        for line, name in _faults(ast.parse(path.read_text("utf-8")))
        if "service/training" not in path.as_posix()
    ]

    assert len(SOURCES) > 100
    assert found == []


def test_the_model_is_numbers_and_json() -> None:
    """Loading it can't run anything."""
    files = {path.suffix for path in (ROOT / "service" / "model").iterdir() if path.is_file()}

    assert files == {".safetensors", ".json", ".py", ".md"}
