"""Encodings by the names that documents give them.

As browsers take them (WHATWG, Encoding, 4.2): ``latin1`` and ``iso-8859-1`` mean windows-1252, and
a national standard the code page that holds it. Beyond their list: names written in the manner of
``win-1251``, ``cp-1251`` or ``UTF8mb4``. What is no encoding of text in bytes, such as ``base64``
or ``idna``, or one that hides ASCII, such as UTF-7, is not known.
"""

import codecs
import re

_WINDOWS = re.compile(r"(?:x?cp|x?windows|win|ms|microsoftcp)(125\d|874|932|936|949|950)")
_DOS = re.compile(r"(?:x?cp|cs|ibm|csibm|oem|dos|cspc|csp?codepage)(437|850|852|855|866)")
_ISO = re.compile(r"(?:cs)?iso(8859\d{1,2})(?:[ei]|\d{4})?")
_SAME = {
    **dict.fromkeys(("utf8mb3", "utf8mb4", "xutf8", "unicode11utf8", "utf8bom"), "utf-8"),
    **dict.fromkeys(("usascii", "latin1", "l1"), "cp1252"),
    **dict.fromkeys(("koi", "koi8", "koi8r", "cskoi8r", "koi8u", "koi8ru", "xkoi8r"), "koi8-u"),
    **dict.fromkeys(
        ("maccyrillic", "xmaccyrillic", "macukrainian", "xmacukrainian"), "mac-cyrillic"
    ),
    **dict.fromkeys(("mac", "macintosh", "xmacroman", "csmacintosh"), "mac-roman"),
    **dict.fromkeys(("gb2312", "gb23121980", "xgbk", "gb18030", "chinese"), "gb18030"),
    **dict.fromkeys(("sjis", "xsjis", "shiftjis", "mskanji", "windows31j"), "cp932"),
    **dict.fromkeys(("euckr", "ksc56011987", "ksc5601", "ksx1001", "korean"), "cp949"),
    **dict.fromkeys(("big5", "xxbig5", "xbig5", "cnbig5"), "big5hkscs"),
    **dict.fromkeys(("utf16", "ucs2", "unicode", "iso10646ucs2", "csunicode"), "utf-16"),
}
"""Names without case and what is no letter or digit."""
_WIDER = {
    "utf-8-sig": "utf-8",
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "koi8-r": "koi8-u",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "cp950": "big5hkscs",
}
"""Encodings that another holds; of KOI8-R all but eight box drawings."""
_OF_TEXT = re.compile(
    r"utf-(?:8|16|32)(?:-[bl]e)?|cp\d+|iso8859-\d+|koi8-[rtu]|mac-[a-z]+|gb\d+|gbk|big5\w*"
    r"|shift_jis\w*|euc_\w+|johab|iso2022_\w+|kz1048|ptcp154|tis-620"
)


def known(label: str) -> str | None:
    """Python's name of the encoding that is called so; None if there is none.

    >>> [known(each) for each in ("win-1251", "UTF8", "latin1", "koi8r", "rot13")]
    ['cp1251', 'utf-8', 'cp1252', 'koi8-u', None]
    """
    bare = re.sub(r"[^a-z0-9]+", "", label.lower())
    name = _SAME.get(bare)
    if name is None and (found := _WINDOWS.fullmatch(bare) or _DOS.fullmatch(bare)):
        name = f"cp{found[1]}"
    if name is None and (found := _ISO.fullmatch(bare)):
        name = f"iso{found[1][:4]}-{found[1][4:]}"
    try:
        name = codecs.lookup(name or label).name
    except (LookupError, ValueError):
        return None
    name = _WIDER.get(name, name)
    return name if _OF_TEXT.fullmatch(name) else None


def shown(encoding: str) -> str:
    """The usual name of one of Python's."""
    if encoding.startswith("cp125"):
        return f"windows-{encoding[2:]}"
    return encoding.replace("iso8859", "iso-8859")
