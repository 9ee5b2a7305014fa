"""Texts with all that the pipeline looks for: wire tags, dates, numbers, names, markup."""

_TEXTS = """\
ПОПРАВКА: В Тарвинске горит склад красок
ТАРВИНСК, 9 февраля. — Пожар на складе «Прибой» потушен, сообщил Бездетко О. К. Ущерб 1,5 млрд \
рублей (2,3 %), 5–7 тыс. т. https://a.example/x
====
UPDATE 2-Ferry returns to Murmansk harbour
MURMANSK, Feb 9 (Coastline) - The 1.6 km bridge opened on 9 February 2026, Mr. O'Brien-Smith said. \
It cost $1.5 billion; 3.8 percent more.
====
KILL: Report withdrawn
<p>Text &amp; <b>markup</b> [link](http://x.example) *bold* __it__</p>
- one
- two
1. three
(c) Photo: Anna Orlova/Volna
====
ЭМБАРГО до 12:00
ÐŸÑ€Ð¸Ð²ÐµÑ‚ мир 😀 twenty-first of March двадцать первого марта 12:30 10/11/2026
====
Ünïcödé ﬃ İstanbul straße
中文新闻 العربية עברית 한국어 Ελληνικά ქართული 𝟙𝟚𝟛 ½ ¾ №5 ±3 −4"""
TEXTS = [each.encode() for each in _TEXTS.split("\n====\n")]
