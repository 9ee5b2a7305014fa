"""XML from strangers: nothing fetched, nothing expanded, bounded depth and bounded tags; lines
remembered.

A document type is read and not followed: what stands outside is never asked for, declarations of
elements are no concern of ours, and one of an entity ends the document there, so a billion laughs
and external entities end at their first line. HTML's names of characters (``&nbsp;``) are read
whether or not a DTD that nobody fetches would define them. A document that breaks off keeps its
items that were complete by then.
"""

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from html.entities import html5
from typing import Any, cast
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from workers.feeds.reader import LONGEST_FRAGMENT, BadItem
from workers.feeds.readers.fields import shown

DEEPEST = 200
"""Elements within each other. A table in a table in a package has some 40; without a limit,
walking a tree of 100,000 would overflow the stack."""
MOST_ATTRIBUTES = 100
"""Of one element; NewsML-G2 has some twenty. Readers compare each with all."""
MOST_PREFIXES = 100
"""Names of namespaces in one document; they are looked through for each element."""
MOST_DECLARED = 200
"""Attributes in a document type: the parser compares each with all, and looks at those of an
element each time that it comes."""
_DECLARATION = re.compile(rb"\A\s*+<\?xml\s[^<>]*+>")
"""It names what the document was encoded in before, and ``standalone`` without a DTD; a line
before it is an error in XML, and a slip that feeds do make."""
_XML = "{http://www.w3.org/XML/1998/namespace}"


class Node(Element):
    """An element under its local name; an attribute as well, but for ``xml:lang``."""

    line: int = 0
    start: int = 0
    """Offset of its first byte in the document."""
    stop: int = 0
    """Offset of its end tag."""

    def nodes(self) -> "Iterator[Node]":
        """Direct children."""
        return cast("Iterator[Node]", iter(self))

    def child(self, *path: str) -> "Node | None":
        """The first element at this path of names."""
        node = self
        for name in path:
            for each in node.nodes():
                if each.tag == name:
                    node = each
                    break
            else:
                return None
        return node

    def children(self, *path: str) -> "list[Node]":
        """Elements of the path's last name in the first element at what is before it."""
        parent = self.child(*path[:-1])
        return [] if parent is None else [each for each in parent.nodes() if each.tag == path[-1]]

    def words(self, *path: str) -> str:
        """All text within the first element at this path, in one line; empty without one."""
        node = self.child(*path)
        return "" if node is None else " ".join("".join(node.itertext()).split())

    def __bool__(self) -> bool:
        """An element is there even when it is empty."""
        return True


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a document stops being XML that we read, and why."""

    line: int
    detail: str
    forbidden: bool = False
    """It declares entities, or has too much of something: well-formed maybe, refused all the
    same."""


@dataclass(frozen=True, slots=True)
class Tree:
    """What was read of a document."""

    root: str
    """Local name of the root element; empty if there was none."""
    lang: str | None
    """``xml:lang`` of the root."""
    items: list[Node]
    """Complete elements of the wanted names, in the order of their beginnings."""
    fault: Fault | None
    stop: int = 0
    """Offset of the root's end tag; 0 for one that did not end."""


class _TooMuch(Exception):
    pass


class _Undefined(Exception):
    pass


class _Builder:
    """Builds the wanted elements only; one within another stays a part of it."""

    def __init__(self, wanted: Container[str]) -> None:
        self.wanted = wanted
        self.root = ""
        self.lang: str | None = None
        self.items: list[Node] = []
        self.stop = 0
        self.position: Any = None
        self._depth = 0
        self._open: list[Node] = []
        self._last: Node | None = None
        self._said: list[str] = []
        """Pieces of the text that is being read: a comment or a reference begins a new one."""
        self._prefixes: set[str] = set()
        self._declared = 0

    def declared(self, *_attribute: object) -> None:
        self._declared += 1
        if self._declared > MOST_DECLARED:
            raise _TooMuch(f"more than {MOST_DECLARED} attributes declared in a document type")

    def skipped(self, name: str, _is_parameter: int) -> None:
        """A reference to an entity that nothing here declares."""
        if f"{name};" not in html5:
            raise _Undefined(f"undefined entity &{name};")
        self.data(html5[f"{name};"])

    def start_ns(self, prefix: str, _uri: str) -> None:
        self._prefixes.add(prefix)
        if len(self._prefixes) > MOST_PREFIXES:
            raise _TooMuch(f"more than {MOST_PREFIXES} prefixes of namespaces")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise _TooMuch(f"elements nested deeper than {DEEPEST}")
        if len(attributes) > MOST_ATTRIBUTES:
            raise _TooMuch(
                f"an element with {len(attributes)} attributes, expected at most {MOST_ATTRIBUTES}"
            )
        self._end_text()
        name = tag.rpartition("}")[2]
        named = {_local(key): value for key, value in attributes.items()}
        if not self.root:
            self.root, self.lang = name, named.get("xml:lang")
        if self._open or name in self.wanted:
            node = Node(name, named)
            node.line = self.position.CurrentLineNumber
            node.start = self.position.CurrentByteIndex
            if self._open:
                self._open[-1].append(node)
            self._open.append(node)
            self._last = None

    def end(self, _tag: str) -> None:
        self._depth -= 1
        if not self._depth:
            self.stop = self.position.CurrentByteIndex
        self._end_text()
        if self._open:
            self._last = self._open.pop()
            self._last.stop = self.position.CurrentByteIndex
            if not self._open:
                self.items.append(self._last)

    def data(self, text: str) -> None:
        if self._open:
            self._said.append(text)

    def _end_text(self) -> None:
        if not self._said:
            return
        text = "".join(self._said)
        self._said.clear()
        if self._last is not None:
            self._last.tail = text
        else:
            self._open[-1].text = text

    def close(self) -> None:
        pass


def tree(document: bytes, wanted: Container[str]) -> Tree:
    """The elements of these local names in UTF-8. Never raises; see ``Tree.fault``."""
    builder = _Builder(wanted)
    parser = DefusedXMLParser(target=builder, encoding="utf-8")
    expat = builder.position = parser.parser
    # As if there were a DTD outside: then a name that is not declared is told, not an error.
    expat.UseForeignDTD(True)
    expat.SkippedEntityHandler = builder.skipped
    expat.AttlistDeclHandler = builder.declared
    expat.specified_attributes = True
    # Text comes in pieces of this size and is joined: in pieces of 8 kB that is quadratic.
    expat.buffer_size = 1 << 20
    fault = None
    try:
        parser.feed(_DECLARATION.sub(lambda found: blank(found[0]), document, count=1))
        parser.close()
    except DefusedXmlException:
        line = expat.CurrentLineNumber
        fault = Fault(line, "an entity declaration, expected none", forbidden=True)
    except _TooMuch as error:
        fault = Fault(expat.CurrentLineNumber, str(error), forbidden=True)
    except _Undefined as error:
        fault = Fault(expat.CurrentLineNumber, f"not well-formed XML: {error}")
    except ParseError as error:
        fault = Fault(error.position[0], f"not well-formed XML: {error}")
    return Tree(builder.root, builder.lang, builder.items, fault, builder.stop)


def fragment(document: bytes, node: Node) -> bytes:
    """The beginning of an element as it came."""
    end = document.find(b">", node.stop) + 1 or len(document)
    return document[node.start : min(end, node.start + LONGEST_FRAGMENT)]


def another_root(document: bytes, found: Tree, expected: str, remedy: str) -> BadItem:
    """The bad item for a document of another root element."""
    detail = f"root element {shown(found.root)}, expected {expected}"
    return BadItem("line 1", detail, remedy, document[:200])


def broken(document: bytes, fault: Fault) -> BadItem:
    """The bad item for a document that stops being XML that we read."""
    remedy = "send XML without entities of its own" if fault.forbidden else "send well-formed XML"
    line = document.split(b"\n", fault.line)[fault.line - 1 : fault.line]
    return BadItem(f"line {fault.line}", fault.detail, remedy, b"".join(line)[:200])


def blank(source: bytes) -> bytes:
    """As many blanks and lines, so that what is behind stays in its place."""
    return b"\n".join(b" " * len(line) for line in source.split(b"\n"))


def _local(name: str) -> str:
    return name.replace(_XML, "xml:") if name.startswith(_XML) else name.rpartition("}")[2]
