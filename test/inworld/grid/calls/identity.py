"""Built-ins that tell a script where, whose and when it is, and its timer, sleep and reset."""
from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Callable, Dict, List

from lummao import Key, Quaternion, Vector

from grid.script import ScriptReset
from grid.things import NULL_KEY

if TYPE_CHECKING:
    from grid.fitting import Fitting

OBJECT_NAME, OBJECT_DESC, OBJECT_POS, OBJECT_OWNER = 1, 2, 3, 6
OBJECT_ROOT, OBJECT_REZ_TIME = 18, 32
FREE_MEMORY_BYTES = 20_000


def supply(fitting: 'Fitting') -> Dict[str, Callable[..., Any]]:
    world, thing, prim = fitting.world, fitting.thing, fitting.prim

    def owner_of(key: str) -> Key:
        other = world.thing_with(key)
        return Key(key if other is None else other.owner.key)

    def name_of(key: str) -> str:
        other = world.thing_with(key)
        if other is not None:
            return next(one.name for one in other.prims if one.key == key)
        return world.agents[key].name if key in world.agents else ''

    def reset() -> None:
        raise ScriptReset()

    def random_below(limit: float) -> float:
        return world.random.random() * limit

    return {
        'llGetKey': lambda: Key(prim.key),
        'llGetOwner': lambda: Key(thing.owner.key),
        'llGetCreator': lambda: Key(NULL_KEY),
        'llGetOwnerKey': owner_of,
        'llKey2Name': name_of,
        'llGetDisplayName': name_of,
        'llGetUsername': name_of,
        'llGetObjectName': lambda: prim.name,
        'llSetObjectName': lambda name: setattr(prim, 'name', name),
        'llGetObjectDesc': lambda: '',
        'llGetScriptName': fitting.name,
        'llGetLinkNumber': lambda: prim.link,
        'llGetNumberOfPrims': lambda: len(thing.prims),
        'llGetObjectPrimCount': lambda _key: len(thing.prims),
        'llGetLinkKey': lambda link: link_key(fitting, link),
        'llGetStartParameter': lambda: 0,
        'llGetRegionName': lambda: thing.region or '',
        'llGetEnv': lambda name: simulator(world.shard).get(name, ''),
        'llGetAgentSize': lambda key: Vector((0.45, 0.6, 1.9) if key in world.here else (0.0,) * 3),
        'llGetPos': lambda: Vector((128.0, 128.0, 22.0)),
        'llGetRot': lambda: Quaternion((0.0, 0.0, 0.0, 1.0)),
        'llGetObjectDetails': lambda key, wanted: details(fitting, key, wanted),
        'llGetFreeMemory': lambda: FREE_MEMORY_BYTES,
        'llGetUsedMemory': lambda: 65_536 - FREE_MEMORY_BYTES,
        'llSetMemoryLimit': lambda _bytes: 1,
        'llGetUnixTime': lambda: int(world.clock.now()),
        'llGetTime': lambda: world.clock.now() - fitting.started_at,
        'llGenerateKey': lambda: Key(world.mint()),
        'llFrand': random_below,
        'llSetTimerEvent': fitting.set_timer,
        'llSleep': fitting.sleep,
        'llResetScript': reset,
        'llSetScriptState': lambda name, on: set_state(fitting, name, on),
    }


def simulator(shard: str) -> Dict[str, str]:
    return {
        'grid': 'agni' if shard == 'Production' else 'aditi',
        'sim_channel': 'Second Life Server',
    }


def set_state(fitting: 'Fitting', name: str, on: int) -> None:
    for script in fitting.prim.scripts:
        if script.name == name:
            script.stopped = not on
            script.surroundings.set_timer(0.0)


def link_key(fitting: 'Fitting', link: int) -> Key:
    if link == -4:
        return Key(fitting.prim.key)
    prims = fitting.thing.prims
    return Key(prims[max(link, 1) - 1].key if max(link, 1) <= len(prims) else NULL_KEY)


def details(fitting: 'Fitting', key: str, wanted: List[int]) -> List[Any]:
    thing = fitting.world.thing_with(key)
    if thing is None:
        return []
    known = {
        OBJECT_NAME: thing.root.name,
        OBJECT_DESC: '',
        OBJECT_POS: Vector((128.0, 128.0, 22.0)),
        OBJECT_OWNER: Key(thing.owner.key),
        OBJECT_ROOT: Key(thing.root.key),
        OBJECT_REZ_TIME: iso(thing.rezzed),
    }
    return [known[one] for one in wanted]


def iso(instant: float) -> str:
    return datetime.fromtimestamp(instant, timezone.utc).strftime('%Y-%m-%dT%H:%M:%S.%fZ')
