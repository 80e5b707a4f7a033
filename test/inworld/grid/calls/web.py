"""Built-ins for HTTP, out and in, with what a simulator adds, cuts and refuses.

Source of the limits: 8 custom headers, bodies cut at 2,048 bytes or as asked up to 4,096, 415 for a
content type or text that a script cannot take, 499 after 60 s.
"""
from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Optional, Tuple
from urllib.parse import urlsplit

import aiohttp
from lummao import Key

from grid.things import NULL_KEY

if TYPE_CHECKING:
    from grid.fitting import Fitting

METHOD, MIMETYPE, BODY_MAXLENGTH, VERIFY_CERT, VERBOSE_THROTTLE = 0, 1, 2, 3, 4
CUSTOM_HEADER, PRAGMA_NO_CACHE, USER_AGENT, ACCEPT, EXTENDED_ERROR = 5, 6, 7, 8, 9
MOST_HEADERS = 8
SENT_BYTES = 2_048
BODY_BYTES, MOST_BODY_BYTES = 2_048, 4_096
TIMEOUT_S = 60.0
# Real time: after it nobody waits for an answer, whatever the grid's clock says.
GIVES_UP_S = 30.0
TAKES = ('text/', 'application/json', 'application/xml', 'application/xhtml+xml')
Answer = Tuple[int, str]


def supply(fitting: 'Fitting') -> Dict[str, Callable[..., Any]]:
    inbound = fitting.world.inbound
    return {
        'llHTTPRequest': lambda url, options, body: send(fitting, url, options, body),
        'llRequestURL': lambda: inbound.request(fitting, 'http'),
        'llRequestSecureURL': lambda: inbound.request(fitting, 'https'),
        'llReleaseURL': lambda url: inbound.release(str(url)),
        'llHTTPResponse': lambda key, status, body: inbound.answer(str(key), status, body),
        'llGetHTTPHeader': lambda key, name: inbound.header(str(key), name),
        'llSetContentType': lambda _key, _type: None,
        'llGetFreeURLs': lambda: 100,
    }


def send(fitting: 'Fitting', url: str, options: List[Any], body: str) -> Key:
    world, thing = fitting.world, fitting.thing
    method, headers, most = read_options(fitting, options)
    if len(body.encode('utf8')) > SENT_BYTES:
        fitting.fault(f'a body of {len(body.encode("utf8"))} bytes is sent')
    now = world.clock.now()
    stopped = world.throttles.admit(now, thing.root.key, thing.owner.key, script_id(fitting))
    path = urlsplit(url).path
    call = {'by': fitting.prim.key, 'path': path, 'body': body, 'nonce': headers['X-Tier-Nonce']}
    world.note('call', **call, sig=headers['X-Tier-Sig'], sent=headers, stopped=stopped)
    if stopped is not None and 'faults' not in stopped:
        return Key(NULL_KEY)
    key = Key(world.mint())
    if stopped is not None:
        fitting.event('http_response', key, 420, [], 'Too many requests.')
        return key
    asked = {'method': method, 'headers': {**headers, **added(fitting)}, 'body': body}
    Exchange(fitting, key, most).begin(url, asked)
    return key


def read_options(fitting: 'Fitting', options: List[Any]) -> Tuple[str, Dict[str, str], int]:
    method, most = 'GET', BODY_BYTES
    headers = {'Content-Type': 'text/plain;charset=utf-8', 'Accept': 'text/*, application/json'}
    custom: Dict[str, str] = {}
    rest = list(options)
    while rest:
        option = rest.pop(0)
        if option == METHOD:
            method = rest.pop(0)
        elif option == MIMETYPE:
            headers['Content-Type'] = rest.pop(0)
        elif option == ACCEPT:
            headers['Accept'] = rest.pop(0)
        elif option == BODY_MAXLENGTH:
            most = min(rest.pop(0), MOST_BODY_BYTES)
        elif option == CUSTOM_HEADER:
            name, custom[name] = rest.pop(0), rest.pop(0)
        elif option in (VERIFY_CERT, VERBOSE_THROTTLE, PRAGMA_NO_CACHE, EXTENDED_ERROR):
            rest.pop(0)
        else:
            fitting.fault(f'llHTTPRequest: unknown option {option}')
    if len(custom) > MOST_HEADERS or any(name.lower().startswith('x-sec') for name in custom):
        fitting.fault(f'llHTTPRequest: headers {sorted(custom)}')
    return method, {'X-Tier-Nonce': '', 'X-Tier-Sig': '', **headers, **custom}, most


def added(fitting: 'Fitting') -> Dict[str, str]:
    """What the simulator says of the sender, which no script can."""
    thing, prim = fitting.thing, fitting.prim
    return {
        'User-Agent': 'Second-Life-LSL/2026-01-01.0 (https://secondlife.com)',
        'X-SecondLife-Shard': fitting.world.shard,
        'X-SecondLife-Object-Name': prim.name,
        'X-SecondLife-Object-Key': prim.key,
        'X-SecondLife-Region': f'{thing.region} (256000, 256000)',
        'X-SecondLife-Local-Position': '(128.000000, 128.000000, 22.000000)',
        'X-SecondLife-Local-Rotation': '(0.000000, 0.000000, 0.000000, 1.000000)',
        'X-SecondLife-Local-Velocity': '(0.000000, 0.000000, 0.000000)',
        'X-SecondLife-Owner-Name': 'Resident',
        'X-SecondLife-Owner-Key': thing.owner.key,
    }


class Exchange:
    """One call on its way: answered, timed out, or forgotten with its region."""

    def __init__(self, fitting: 'Fitting', key: Key, most_bytes: int):
        self.fitting = fitting
        self.key = key
        self.most_bytes = most_bytes
        self.place = self._here()
        self.open = True

    def begin(self, url: str, asked: Dict[str, Any]) -> None:
        world = self.fitting.world
        world.call_begins(self)
        late = world.clock.after(TIMEOUT_S, lambda: self._end((499, 'Operation timed out')))

        async def run() -> None:
            answer = await fetch(world.reach(url), asked, self.most_bytes)
            late.cancel()
            self._end(answer)

        world.keep(asyncio.ensure_future(run()))

    def _here(self) -> Tuple[Optional[str], str, int]:
        region = self.fitting.thing.region
        return (region, self.fitting.prim.key, self.fitting.world.restarts[region or ''])

    def _end(self, answer: Answer) -> None:
        """An answer to a region that was restarted, or to an object that is gone, is lost."""
        world, prim = self.fitting.world, self.fitting.prim
        if not self.open:
            return
        self.open = False
        status, body = answer
        here = self._here()
        world.throttles.note_answer(world.clock.now(), script_id(self.fitting), status)
        world.note('answer', by=prim.key, status=status, body=body, lost=here != self.place)
        if here == self.place:
            for script in prim.scripts:
                script.queue('http_response', (self.key, status, [], body))
        world.call_ends(self)


async def fetch(url: str, asked: Dict[str, Any], most_bytes: int) -> Answer:
    limit = aiohttp.ClientTimeout(total=GIVES_UP_S)
    skipped = ('Accept-Encoding',)
    try:
        async with aiohttp.ClientSession(timeout=limit, skip_auto_headers=skipped) as session:
            sent = {'headers': asked['headers'], 'data': asked['body'].encode('utf8')}
            async with session.request(asked['method'], url, **sent) as answer:
                return taken(answer.status, answer.headers, await answer.read(), most_bytes)
    except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
        return (499, f'{type(error).__name__}')


def taken(status: int, headers: Any, raw: bytes, most_bytes: int) -> Answer:
    kind: Optional[str] = headers.get('Content-Type')
    if kind is None or not kind.lower().startswith(TAKES):
        return (415, 'Unsupported or unknown Content-Type.')
    try:
        raw.decode('utf8')
    except UnicodeDecodeError:
        return (415, 'The body is no UTF-8.')
    return (status, raw[:most_bytes].decode('utf8', 'ignore'))


def script_id(fitting: 'Fitting') -> str:
    return f'{fitting.prim.key} {fitting.name()}'
