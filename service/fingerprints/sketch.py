"""A stored signature as an object of datasketch, for programs that read the fingerprint log.

A fingerprint keeps the low 8 of the 32 bits of each MinHash row. That is datasketch's
``bBitMinHash`` with b = 8: ``sketch`` gives the object that datasketch alone makes of the
article's shingles, equal by ``==``. The other 24 bits are kept nowhere, so no stored article
has a ``MinHash`` or ``LeanMinHash``: one made of low bytes would find whole rows of the same
article unlike without a word, and LSH by it other buckets, where a ``bBitMinHash`` refuses.

``jaccard`` of two sketches is (e - 1/256) / (1 - 1/256), where e is the share of rows that
are equal. It estimates the Jaccard similarity J of the articles' sets of shingles, three
consecutive words of title and text each, without bias and with a standard error of
sqrt((J + 1/255) (1 - J) / 64): 0.06 at worst. Of sets that share nothing it can be as low as
-1/255; evidence (``similarity.text``) then says 0, and else the same number to four digits.

Articles of fewer than three words have no shingle, and any two of them estimate 1.
"""

from datasketch import LeanMinHash, bBitMinHash

from service.fingerprints.fingerprint import Fingerprint
from service.fingerprints.minhash import LOW_BITS, SCHEME, SEED


def sketch(fingerprint: Fingerprint) -> bBitMinHash:
    """The signature over word shingles, 64 rows of 8 bits.

    Ten shingles each, nine of them shared, so J is 9 / 11 = 0.82, and one standard error 0.05:

    >>> from contracts.article import Article
    >>> from service.fingerprints.fingerprinter import Fingerprinter
    >>> text = "the ferry with two hundred passengers ran aground off the western "
    >>> articles = [Article(id="1", text=text + "coast"), Article(id="2", text=text + "isles")]
    >>> one, other = Fingerprinter.load().fingerprints(articles)
    >>> round(sketch(one).jaccard(sketch(other)), 2)
    0.76

    A program without this package needs the rows' place alone. An entry of the log, the stream
    ``{NAMESPACE}:log`` (``workers/keys.py``), has the payload in its field ``p``:

    >>> import numpy as np
    >>> payload = one.payload
    >>> payload[0]  # the layout that the next line is true of
    3
    >>> rows = np.frombuffer(payload, np.uint8, count=64, offset=54)
    >>> lean = LeanMinHash(seed=1, hashvalues=rows, scheme="affine32")
    >>> bBitMinHash(lean, b=8) == sketch(one)
    True
    """
    low = LeanMinHash(seed=SEED, hashvalues=fingerprint.shingle_rows, scheme=SCHEME)
    return bBitMinHash(low, b=LOW_BITS)
