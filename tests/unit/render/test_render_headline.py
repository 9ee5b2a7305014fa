from rich.text import Text

from workers.render.headline import headline


def test_a_headline_is_text_and_not_markup() -> None:
    assert headline("[bold]x[/nonsense]") == Text("[bold]x[/nonsense]")
    assert len(headline("я" * 1000)) == 160


def test_an_empty_headline_is_said() -> None:
    assert headline(" ").plain == "(no headline)"
