"""Bodies in NITF and XHTML: which part is the text, and where its lines end."""

from xml.sax.saxutils import escape

import pytest

from workers.feeds.readers.body import marked_up
from workers.feeds.readers.markup import is_markup
from workers.feeds.readers.xml import tree

NOTE = "<note type='npa'><body.content><p>To editors</p></body.content></note>"
ONE = "<body.content><p>One\n line</p></body.content>"
TWO = "<body.content><p>Two</p></body.content>"
PICTURE = "<media media-type='image'><media-caption>A ship</media-caption></media>"
TABLE = "<tr><td>Rovers</td><td>2</td></tr><tr><td>United</td><td>1</td></tr>"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (f"<nitf><body>{ONE}</body></nitf>", "One line"),
        (f"<nitf><body>{ONE}{TWO}</body></nitf>", "One line\nTwo"),
        (f"<nitf><body><body.head>{NOTE}</body.head>{TWO}</body></nitf>", "Two"),
        (f"<body><body.content>{NOTE}<p>One</p></body.content></body>", "One"),
        (f"<body.content>{PICTURE}<p>One</p></body.content>", "One"),
        ("<html><head><title>T</title></head><body><p>One</p></body></html>", "One"),
        (f"<table>{TABLE}</table>", "Rovers 2\nUnited 1"),
        ("<pre>Rovers 2\nUnited 1</pre><p>a\nb</p>", "Rovers 2\nUnited 1\na b"),
        ("<p>R&amp;amp;D &amp;lt;3</p>", "R&amp;D &lt;3"),
        ("<![CDATA[<P>Fish &amp; <b>chips</b></P>\n<P>Peas</P>]]>", "Fish & chips\nPeas"),
        (f"<nitf><body><body.content><![CDATA[{ONE}]]></body.content></body></nitf>", "One line"),
        (escape(f"<nitf><body><body.head>Head</body.head>{TWO}</body></nitf>"), "Two"),
        (escape("<nitf><body><body.content>R&amp;D</body.content></body></nitf>"), "R&D"),
        (escape("Der Film <Kino>\n\nbei R&amp;D: 2 < 3"), "Der Film <Kino>\nbei R&amp;D: 2 < 3"),
        ("", ""),
    ],
)
def test_the_text_of_a_body(content: str, text: str) -> None:
    (node,) = tree(f"<content>{content}</content>".encode(), {"content"}).items

    assert marked_up(node) == text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('Read <a href="/17">more', True),
        ("<img src='ship.jpg'> A ship", True),
        ("<section>One</section>", True),
        ("Ferry</b>", True),
        ("The <Kino> by the <a>", False),
        ("2 < 3 and <b>", False),
    ],
)
def test_text_is_html_by_what_only_html_has(text: str, found: bool) -> None:
    assert is_markup(text) == found
