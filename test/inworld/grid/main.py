"""The grid as a program: a JSON object a line in, and one out, in order; ends with its input."""
from __future__ import annotations

import asyncio
import json
import sys
import traceback

from grid.clock import GridClock
from grid.commands import COMMANDS
from grid.world import World

MOST_LINE_BYTES = 8 * 1024 * 1024


async def serve() -> None:
    given = json.loads(sys.argv[1])
    world = World(GridClock(given['clockFile']), given['seed'], given['shard'])
    await world.inbound.open()
    loop = asyncio.get_running_loop()
    lines = asyncio.StreamReader(limit=MOST_LINE_BYTES)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while True:
        line = await lines.readline()
        if not line:
            return
        said = json.loads(line)
        try:
            answer = {'ok': True, 'result': await COMMANDS[said['do']](world, said)}
        except Exception:
            answer = {'ok': False, 'why': traceback.format_exc(limit=-6)}
        print(json.dumps({'id': said['id'], **answer}), flush=True)


if __name__ == '__main__':
    asyncio.run(serve())
