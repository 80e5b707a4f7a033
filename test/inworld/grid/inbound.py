"""HTTP-in: addresses that scripts ask for, and the calls that come to them, on one local port."""
from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Dict, Tuple

from aiohttp import web
from lummao import Key

if TYPE_CHECKING:
    from grid.fitting import Fitting

GRANTED = 'URL_REQUEST_GRANTED'
MOST_BYTES = 2_048
ANSWERS_WITHIN_S = 25.0


class Inbound:
    def __init__(self) -> None:
        self._scripts: Dict[str, 'Fitting'] = {}
        self._calls: Dict[str, Tuple[web.Request, asyncio.Future]] = {}
        self._origin = ''

    async def open(self) -> None:
        app = web.Application()
        app.router.add_route('*', '/cap/{cap}', self._take)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, '127.0.0.1', 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        self._origin = f'http://{host}:{port}'

    def request(self, fitting: 'Fitting', _scheme: str) -> Key:
        """Without certificates both kinds are plain HTTP here."""
        key = Key(fitting.world.mint())
        url = f'{self._origin}/cap/{fitting.world.mint()}'
        self._scripts[url] = fitting
        fitting.urls.append(url)
        fitting.event('http_request', key, GRANTED, url)
        return key

    def release(self, url: str) -> None:
        self._scripts.pop(url, None)

    def answer(self, key: str, status: int, body: str) -> None:
        known = self._calls.get(key)
        if known is not None and not known[1].done():
            known[1].set_result((status, body))

    def header(self, key: str, name: str) -> str:
        known = self._calls.get(key)
        return '' if known is None else known[0].headers.get(name, '')

    async def _take(self, request: web.Request) -> web.Response:
        fitting = self._scripts.get(f'{self._origin}{request.path}')
        if fitting is None or fitting.thing.region is None:
            return web.Response(status=404, text='cap not found')
        body = (await request.read())[:MOST_BYTES].decode('utf8', 'ignore')
        key = fitting.world.mint()
        answered = asyncio.get_running_loop().create_future()
        self._calls[key] = (request, answered)
        fitting.world.note('hint', to=fitting.prim.key, body=body)
        fitting.event('http_request', Key(key), request.method, body)
        try:
            status, text = await asyncio.wait_for(answered, ANSWERS_WITHIN_S)
            fitting.world.note('hint-answer', by=fitting.prim.key, status=status)
            return web.Response(status=status, text=text)
        except asyncio.TimeoutError:
            return web.Response(status=500, text='Internal Server Error')
        finally:
            del self._calls[key]
