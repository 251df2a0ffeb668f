"""Replies and answers of a server that went wrong in thousands of ways, the same for each seed."""

from __future__ import annotations

import json
import random
from collections.abc import Callable

from tests.synth.worlds.model_server import Fault, completion

Ruin = Callable[[str, random.Random], str]
"""From a good reply to a bad one."""


def _cut(reply: str, chance: random.Random) -> str:
    return reply[: chance.randrange(len(reply))]


def _struck(reply: str, chance: random.Random) -> str:
    signs = list(reply)
    for _ in range(chance.randrange(1, 12)):
        signs[chance.randrange(len(signs))] = chance.choice('{}[]",:\\0\x00\u202eé🜁')
    return "".join(signs)


def _fenced(reply: str, chance: random.Random) -> str:
    return f"Sure!\n```{chance.choice(['json', '', 'JSON5'])}\n{_cut(reply, chance)}\n```\nDone."


def _no_numbers(reply: str, chance: random.Random) -> str:
    word = chance.choice(["NaN", "Infinity", "-Infinity", "1e999", "-7", "9" * 5_000, "null"])
    return reply.replace('"sentences": [', f'"sentences": [{word}, ')


def _nested(_: str, chance: random.Random) -> str:
    return chance.choice(["[", "{", '{"claims":[', '{"a":']) * chance.randrange(1, 20_000)


def _prose(_: str, chance: random.Random) -> str:
    return chance.choice(["", " ", "No.", "I cannot help with that.", "<html>Bad gateway</html>"])


def _large(reply: str, chance: random.Random) -> str:
    return reply[:-2] + "x" * chance.choice([300_000, 3_000_000])


def _shapes(_: str, chance: random.Random) -> str:
    def value(depth: int) -> object:
        plain: list[object] = [None, True, -1, 0, 3, 2.5, "", "S2", "text", [], {}]
        if depth == 0 or chance.random() < 0.3:
            return chance.choice(plain)
        if chance.random() < 0.4:
            return [value(depth - 1) for _ in range(chance.randrange(4))]
        names = ["claims", "ideas", "verdicts", "text", "title", "sentences", "quote", "claim"]
        return {chance.choice(names): value(depth - 1) for _ in range(chance.randrange(5))}

    lists = {name: [value(3) for _ in range(chance.randrange(5))] for name in ("claims", "ideas")}
    return json.dumps(lists if chance.random() < 0.7 else value(4))


RUINS: tuple[Ruin, ...] = (
    _cut,
    _struck,
    _fenced,
    _no_numbers,
    _nested,
    _prose,
    _large,
    _shapes,
)


def transport_fault(chance: random.Random) -> Fault:
    """An answer of a server that is no completion at all."""
    raw = [b"", b"null", b"[]", b'{"choices": null}', b'{"choices": [{}]}', b"\xff\xfe\x00", b"{"]
    return chance.choice(
        [
            Fault(status=chance.choice([429, 500, 502, 503, 529]), headers={"retry-after": "0"}),
            Fault(status=chance.choice([400, 401, 404, 413, 422]), body=chance.choice(raw)),
            Fault(status=chance.choice([204, 301, 307]), headers={"location": "/v1/x"}),
            Fault(body=chance.choice(raw)),
            Fault(body=completion(chance.choice([None, 7, [], {}]))),
            Fault(body=completion("{}", usage={"prompt_tokens": "many"})),
            Fault(drops=True),
        ]
    )
