"""The AsyncAPI 3.0 document of the streams, as a JSON value.

AsyncAPI lacks words for two things. Its Redis binding must be empty, so the extension
``x-redis-stream`` names commands, fields and groups. And an address can't hold
literal braces, so the parameter ``namespaceTag`` is the namespace *with* its braces.
"""

from typing import Any

from pydantic import BaseModel

from contracts.examples import ARTICLES, COMMANDS, DEAD_LETTER, EVENTS, KILLED, REFUSED
from contracts.streams import GROUP

VERSION = "1.1.0"
"""Second place: a field or an event type is added. First place: never within one stream."""

_SCHEMA_FORMAT = "application/schema+json;version=draft-2020-12"

_ARTICLE_ENTRY = (
    "One entry an article, in one of three shapes: field `data` with the article's JSON; "
    "flat fields named as the article's; or FastStream's own envelope in field `__data__`."
)


def asyncapi(schema_files: dict[str, str]) -> dict[str, Any]:
    """The document.

    Args:
        schema_files: message name → path of its payload's schema, relative to the document.
    """
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "onestory",
            "version": VERSION,
            "description": "Articles in, story events out, on Redis streams (Redis 6.2 or newer). "
            "Consumers ignore fields and event types they do not know.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {
            "articles": _channel("articles", ["article"], _ARTICLE_ENTRY),
            "stories": _channel(
                "stories", list(EVENTS), "Story events as CloudEvents 1.0, oldest first."
            ),
            "commands": _channel("commands", ["command"], "Editors' rules, one command an entry."),
            "rulings": _channel("rulings", ["ruling"], "The answer to each command, and why."),
            "dead": _channel("dead", ["dead-letter"], "Entries that can't be placed, and why."),
        },
        "operations": {
            "placeArticles": _operation(
                "receive",
                "articles",
                {"command": "XREADGROUP", "group": GROUP, "start": "0"},
                "Publish with XADD; the workers share one consumer group.",
            ),
            "tellStories": _operation(
                "send",
                "stories",
                {"command": "XADD", "field": "data"},
                "Read with XREAD or a consumer group of your own.",
            ),
            "applyCommands": _operation(
                "receive",
                "commands",
                {"command": "XREADGROUP", "group": GROUP, "start": "0"},
                "Publish with XADD, or with `onestory rules`.",
            ),
            "tellRulings": _operation(
                "send",
                "rulings",
                {"command": "XADD", "field": "data"},
                "One for each command, accepted or refused.",
            ),
            "tellDead": _operation(
                "send",
                "dead",
                {"command": "XADD", "field": "data"},
                "What `onestory dead` lists.",
            ),
        },
        "components": {
            "messages": {
                name: _message(name, path, _examples(name)) for name, path in schema_files.items()
            },
            "parameters": {
                "namespaceTag": {
                    "description": "The namespace in literal braces, a Redis Cluster hash tag: "
                    "namespace `news` has the stream `{news}:articles`.",
                    "default": "{onestory}",
                    "examples": ["{onestory}", "{news}"],
                }
            },
        },
    }


def _channel(name: str, messages: list[str], description: str) -> dict[str, Any]:
    return {
        "address": f"{{namespaceTag}}:{name}",
        "description": description,
        "parameters": {"namespaceTag": {"$ref": "#/components/parameters/namespaceTag"}},
        "messages": {message: {"$ref": f"#/components/messages/{message}"} for message in messages},
    }


def _operation(
    action: str, channel: str, stream: dict[str, str], description: str
) -> dict[str, Any]:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{channel}"},
        "description": description,
        "x-redis-stream": stream,
    }


def _message(name: str, path: str, examples: dict[str, BaseModel]) -> dict[str, Any]:
    return {
        "name": name,
        "contentType": "application/cloudevents+json" if name in EVENTS else "application/json",
        "payload": {"schemaFormat": _SCHEMA_FORMAT, "schema": {"$ref": path}},
        "examples": [
            {"name": title, "payload": example.model_dump(mode="json")}
            for title, example in examples.items()
        ],
        "x-redis-stream": {"field": "data"},
    }


def _examples(name: str) -> dict[str, BaseModel]:
    if name == "article":
        return dict(ARTICLES)
    if name == "dead-letter":
        return {"no words": DEAD_LETTER}
    if name == "command":
        return dict(COMMANDS)
    if name == "ruling":
        return {"refused": REFUSED}
    if name == "story.revised":
        return {"a new version": EVENTS[name], "a kill": KILLED}
    return {name: EVENTS[name]}
