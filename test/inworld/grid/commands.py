"""The commands of a test, by name: each takes the fields of one line and gives what is answered."""
from __future__ import annotations

from typing import Any, Awaitable, Callable, Dict

import re

from lummao import CompileError, Key, convert_script

from grid import deeds
from grid.calls import business
from grid.script import HMAC
from grid.world import World

Command = Callable[[World, Dict[str, Any]], Awaitable[Any]]
# Makes the compiler tell its warnings, which it keeps to itself where there is no error.
PROBE = 'integer errorOnPurpose() { } '


async def build(world: World, said: Dict[str, Any]) -> Any:
    return deeds.build(world, said['owner'], said['region'], said['prims']).root.key


async def act(world: World, said: Dict[str, Any]) -> Any:
    """One deed to the object `of`."""
    thing = world.things[said['of']]
    deed = said['deed']
    if deed == 'take':
        return deeds.take(thing)
    if deed == 'rez':
        return deeds.rez(world, thing, said['region'], said.get('owner'))
    if deed == 'copy':
        return deeds.copy(world, thing, said['region'])
    if deed == 'give':
        return deeds.give(world, thing, said['owner'])
    if deed == 'pay':
        return deeds.pay(thing, world, said)
    if deed == 'touch':
        return deeds.touch(world, thing, said['agent'], said.get('prim', 0))
    if deed == 'link-message':
        return deeds.link_message(thing, said)
    if deed == 'reset':
        deeds.reset(thing)
        return None
    if deed == 'grant':
        for script in thing.scripts():
            business.answer(script.surroundings, said['yes'])
        return None
    raise ValueError(f'no such deed: {deed}')


async def chat(world: World, said: Dict[str, Any]) -> Any:
    deeds.chat(world, said)


async def restart(world: World, said: Dict[str, Any]) -> Any:
    deeds.restart(world, said['region'])


async def settings(world: World, said: Dict[str, Any]) -> Any:
    world.hosts.update(said.get('hosts', {}))
    if said.get('forgive'):
        world.throttles.broken.clear()
        world.faults.clear()
        for script in world.running():
            script.lost.clear()
    world.here.update(said.get('here', []))
    world.patience_s = said.get('patienceS', world.patience_s)


async def run(world: World, said: Dict[str, Any]) -> Any:
    """Time goes on by `seconds`, or until no object holds a pair whose key fits `untilNone`."""
    pattern = said.get('untilNone')
    end = world.clock.now() + said['seconds']
    if pattern is None:
        await world.run_until(end)
        return True
    return await world.run_until(
        end, lambda: not any(thing.data.keys(pattern) for thing in world.things.values())
    )


async def see(world: World, said: Dict[str, Any]) -> Any:
    thing = world.things[said['of']]
    prims = [
        {
            **{'key': prim.key, 'text': prim.text, 'payPrice': prim.pay_price},
            **{'payQuick': prim.pay_quick, 'clickAction': prim.click_action},
        }
        for prim in thing.prims
    ]
    return {
        'prims': prims,
        'region': thing.region,
        'used': thing.data.used(),
        'pairs': {name: pair[0] for name, pair in thing.data.pairs.items()},
        'lost': [event for script in thing.scripts() for event in script.lost],
        'scripts': [seen(script) for script in thing.scripts()],
    }


def seen(script: Any) -> Dict[str, Any]:
    shown = {name: plain(value) for name, value in script.globals().items() if not callable(value)}
    return {'name': script.name, 'globals': shown, 'urls': script.surroundings.urls}


def plain(value: Any) -> Any:
    return [plain(one) for one in value] if isinstance(value, (list, tuple)) else value


async def put(world: World, said: Dict[str, Any]) -> Any:
    """Writes linkset data past every password, as no script can: for what a test begins with."""
    data = world.things[said['of']].data
    data.pairs.update({name: (value, said['password']) for name, value in said['pairs'].items()})


async def call(world: World, said: Dict[str, Any]) -> Any:
    """Runs one function of the object's first script by itself."""
    script = world.things[said['of']].scripts()[0]
    given = [Key(one['key']) if isinstance(one, dict) else one for one in said['given']]
    return plain(await getattr(script.code, said['function'])(*given))


async def record(world: World, said: Dict[str, Any]) -> Any:
    kinds = said.get('kinds')
    rows = world.record[said.get('since', 0) :]
    return {
        'next': len(world.record),
        'rows': [row for row in rows if kinds is None or row['kind'] in kinds],
    }


async def ledger(world: World, _: Dict[str, Any]) -> Any:
    return {
        'now': world.clock.now(),
        'broken': world.throttles.broken,
        'faults': world.faults,
        'received': {key: agent.received for key, agent in world.agents.items()},
        'lost': [event for script in world.running() for event in script.lost],
        'mostUsed': max((thing.data.most_used for thing in world.things.values()), default=0),
    }


async def compile_source(_: World, said: Dict[str, Any]) -> Any:
    """What lummao's compiler complains of: errors and warnings, one line each."""
    try:
        convert_script(HMAC + PROBE + said['source'])
    except CompileError as error:
        told = [re.sub(r'\s+', ' ', line).strip() for line in error.err_msgs]
        return [line for line in told if not re.search(r'\( ?1, ?\d+\): \[E10019\]', line)]
    return ['the compiler has missed an error that was made on purpose']


COMMANDS: Dict[str, Command] = {
    **{'build': build, 'act': act, 'chat': chat, 'restart': restart, 'settings': settings},
    **{'run': run, 'see': see, 'put': put, 'call': call, 'record': record, 'ledger': ledger},
    'compile': compile_source,
}

