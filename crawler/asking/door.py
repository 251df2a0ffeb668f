"""The door to the web: a Scrapy download handler with limits of size, time and address.

Bodies are unpacked while they arrive, so that neither a bomb nor an endless answer is ever held;
what arrives cut short is no answer at all.
"""

from __future__ import annotations

import asyncio
import os
import zlib
from functools import partial
from typing import TYPE_CHECKING

import aiohttp
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.http import Headers, Response

from crawler.asking.addresses import guarded_socket, refuse_private
from crawler.asking.fetching import Barred, TooLarge, Unreached

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

ENCODINGS = "gzip, deflate"
_GZIP = b"\x1f"
_SKIPPED = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")


class Door(BaseDownloadHandler):
    """Makes one request and gives its answer, redirects not followed."""

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._largest = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self._deadline = aiohttp.ClientTimeout(total=crawler.settings.getfloat("DOWNLOAD_TIMEOUT"))
        self._sessions: dict[frozenset[tuple[str, int]], aiohttp.ClientSession] = {}

    async def download_request(self, request: Request) -> Response:
        """The answer to a request. `Unreached` and `Barred` say why there is none."""
        own: frozenset[tuple[str, int]] = request.meta["own"]
        refuse_private(request.url, own)
        try:
            async with self._session(own).request(
                request.method,
                request.url,
                data=request.body or None,
                headers=request.headers.to_tuple_list(),
                allow_redirects=False,
                timeout=self._deadline,
            ) as answer:
                headers = Headers(list(answer.headers.items()))
                body = await self._body(answer)
        except TimeoutError as error:
            problem = f"{request.url} did not answer within {self._deadline.total:g} s"
            raise Unreached(problem, "later") from error
        except (ValueError, aiohttp.NonHttpUrlClientError) as error:  # also names too long to ask
            raise Barred(f"{request.url} is no address: {error}", "mend it") from error
        except (aiohttp.ClientError, OSError, zlib.error) as error:
            words = _words(getattr(error, "os_error", error))
            raise Unreached(f"{request.url} cannot be fetched: {words}", "later") from error
        return Response(request.url, status=answer.status, headers=headers, body=body)

    async def close(self) -> None:
        """End all connections."""
        for session in self._sessions.values():
            await session.close()
        await asyncio.sleep(0)  # lets the transports say goodbye

    def _session(self, own: frozenset[tuple[str, int]]) -> aiohttp.ClientSession:
        if own not in self._sessions:
            connector = aiohttp.TCPConnector(
                limit_per_host=1,
                socket_factory=partial(guarded_socket, own=own),
            )
            self._sessions[own] = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                skip_auto_headers=_SKIPPED,
            )
        return self._sessions[own]

    async def _body(self, answer: aiohttp.ClientResponse) -> bytes:
        """The whole body, unpacked, within the limit of size."""
        unpack = _Unpacking(answer.headers.get("Content-Encoding", ""), self._largest)
        body = bytearray()
        async for chunk in answer.content.iter_chunked(1 << 16):
            body += unpack(chunk, self._largest + 1 - len(body))
            if len(body) > self._largest:
                answer.close()
                raise TooLarge(
                    f"{answer.url} is larger than {self._largest / 1e6:g} MB", "leave it out"
                )
        unpack.end(str(answer.url))
        return bytes(body)


def _words(error: Exception) -> str:
    """What went wrong, as the system says it where it has a number for it."""
    if isinstance(error, OSError) and error.errno and error.errno > 0:
        return os.strerror(error.errno).lower()
    return " ".join(str(error).split()) or type(error).__name__


class _Unpacking:
    """Undoes what the server packed, a piece at a time."""

    def __init__(self, encoding: str, largest: int) -> None:
        encoding = encoding.strip().lower()
        if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise Barred(f"the answer is packed as {encoding[:40]!r}", "it was not asked for so")
        packed = encoding not in ("", "identity")
        self._zipped = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32) if packed else None
        self._bare = encoding == "deflate"
        self._is_first = True

    def __call__(self, chunk: bytes, most: int) -> bytes:
        """Unpack up to `most` bytes."""
        if self._zipped is None:
            return chunk
        if self._is_first and self._bare and chunk[:1] != b"\x78":
            self._zipped = zlib.decompressobj(wbits=-zlib.MAX_WBITS)  # deflate without its head
        self._is_first = False
        unpacked = b""
        while chunk and len(unpacked) < max(most, 1):
            if self._zipped.eof:
                if self._bare or chunk[:1] != _GZIP:
                    break  # what stands behind the end is not read
                self._zipped = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)  # one more part
            unpacked += self._zipped.decompress(chunk, max(most, 1) - len(unpacked))
            chunk = self._zipped.unused_data
        return unpacked

    def end(self, url: str) -> None:
        """Refuse what ended before it was whole."""
        if self._zipped is not None and not self._is_first and not self._zipped.eof:
            raise Unreached(f"{url} was cut short", "later")
