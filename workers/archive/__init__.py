"""The read model behind the API: every story and article of a namespace, in memory.

A `Shelf` takes in story events and holds who is where and why, as any consumer could
(``contracts/consumer.py``); a `Board` follows the streams into one and answers questions.
Nothing here is the truth: it is built from the streams at every start, and again whenever
they turn out to be others.
"""
