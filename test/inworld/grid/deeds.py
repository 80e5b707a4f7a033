"""What people and simulators do to objects: rez, take, copy, give, pay, touch, restart.

Nothing here lets time go on: what follows from a deed happens when the test lets the grid run.
"""
from __future__ import annotations

from typing import Any, Dict, List, Optional

from lummao import Key

from grid.calls import talk
from grid.script import RunningScript
from grid.things import NULL_KEY, PAY_DEFAULT, Permission, Prim, Thing, detected
from grid.world import World

PAY_HIDE = -1
CHANGED_OWNER, CHANGED_REGION_START = 0x80, 0x400


def build(world: World, owner: str, region: str, prims: List[Dict[str, Any]]) -> Thing:
    """A new object; its scripts start from their beginning."""
    thing = Thing(world.agent(owner), region, world.clock.now())
    for index, plan in enumerate(prims):
        link = index + 1 if len(prims) > 1 else 0
        prim = Prim(plan.get('key') or world.mint(), plan['name'], link)
        thing.prims.append(prim)
        for script in plan['scripts']:
            world.add_script(thing, prim, script['name'], script['source'])
    world.things[thing.root.key] = thing
    return thing


def take(thing: Thing) -> None:
    thing.region = None
    for script in thing.scripts():
        script.surroundings.release_urls()


def rez(world: World, thing: Thing, region: str, owner: Optional[str]) -> str:
    """Out of the inventory: under new keys, with what it knew; its new root key."""
    del world.things[thing.root.key]
    has_new_owner = owner is not None and owner != thing.owner.key
    if owner is not None:
        thing.owner = world.agent(owner)
    thing.region, thing.rezzed = region, world.clock.now()
    for prim in thing.prims:
        prim.key = world.mint()
    world.things[thing.root.key] = thing
    for script in thing.scripts():
        script.surroundings.permission = Permission()
        if has_new_owner:
            script.queue('changed', (CHANGED_OWNER,))
        script.queue('on_rez', (0,))
        world.wake(script)
    return thing.root.key


def copy(world: World, thing: Thing, region: str) -> str:
    """A second object beside the first, with its data and the state of its scripts."""
    twin = Thing(thing.owner, region, world.clock.now())
    twin.data = thing.data.copy()
    for prim in thing.prims:
        new = Prim(world.mint(), prim.name, prim.link)
        new.text, new.pay_price, new.pay_quick = prim.text, prim.pay_price, list(prim.pay_quick)
        twin.prims.append(new)
        for script in prim.scripts:
            double = world.add_script(twin, new, script.name, script.source)
            double.take_state(script)
            double.surroundings.set_timer(script.surroundings.timer_s)
            double.queue('on_rez', (0,))
    world.things[twin.root.key] = twin
    return twin.root.key


def give(world: World, thing: Thing, owner: str) -> None:
    """Sold or deeded where it stands: it keeps its key."""
    thing.owner = world.agent(owner)
    for script in thing.scripts():
        script.surroundings.permission = Permission()
        script.queue('changed', (CHANGED_OWNER,))


def restart(world: World, region: str) -> None:
    """Calls on their way and HTTP-in addresses are lost; scripts go on with what they knew."""
    world.restarts[region] += 1
    for thing in world.things.values():
        for script in thing.scripts() if thing.region == region else []:
            script.surroundings.release_urls()
            script.queue('changed', (CHANGED_REGION_START,))


def pay(thing: Thing, world: World, order: Dict[str, Any]) -> Dict[str, Any]:
    """`anyway`: from a pay window that was open before. Nobody can pay where nothing is offered."""
    prim = paid_prim(thing, thing.prims[order.get('prim', 0)])
    amount = order['amount']
    if not any(script.has('money') for script in prim.scripts):
        return {'paid': False, 'why': 'no script takes money'}
    if not order.get('anyway') and not is_offered(prim, amount):
        return {'paid': False, 'why': 'the viewer offers no such amount'}
    world.agent(order['payer']).name = order['name']
    world.note('paid', to=prim.key, payer=order['payer'], name=order['name'], amount=amount)
    for script in prim.scripts:
        script.queue('money', (Key(order['payer']), amount))
    return {'paid': True, 'why': ''}


def paid_prim(thing: Thing, clicked: Prim) -> Prim:
    """A child prim that has a `money` handler draws payments away from the root."""
    return clicked if any(script.has('money') for script in clicked.scripts) else thing.root


def is_offered(prim: Prim, amount: int) -> bool:
    takes_any = prim.pay_price != PAY_HIDE
    standard = {1: 1, 2: 5, 3: 10, 4: 20}
    quick = [
        standard[index + 1] if price == PAY_DEFAULT else price
        for index, price in enumerate(prim.pay_quick)
    ]
    return takes_any or amount in quick


def touch(world: World, thing: Thing, agent: str, index: int) -> None:
    prim = thing.prims[index]
    details = [detected(agent, world.agent(agent).name, agent, prim.link)]
    for event in ('touch_start', 'touch', 'touch_end'):
        for script in prim.scripts:
            script.queue(event, (1,), details)


def chat(world: World, said: Dict[str, Any]) -> None:
    """An agent or an object says something in hearing of all."""
    world.note('chat', by=said['key'], channel=said['channel'], text=said['text'])
    for script in world.running():
        talk.offer(script, said)


def link_message(thing: Thing, message: Dict[str, Any]) -> None:
    """As the provider's script in the root prim sends it, to all others of the object."""
    for script in thing.scripts():
        args = (message.get('sender', 1), message['num'], message['text'])
        script.queue('link_message', (*args, Key(message.get('key', NULL_KEY))))


def reset(thing: Thing) -> List[RunningScript]:
    for script in thing.scripts():
        script.reset()
    return thing.scripts()
