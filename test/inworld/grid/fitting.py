"""What one script stands in: the prim and the grid around it, and every built-in fitted to them."""
from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Dict, List, Optional

from grid.calls import business, identity, storage, talk, web
from grid.clock import Alarm
from grid.script import RunningScript
from grid.things import Listen, Permission, Prim, Thing

if TYPE_CHECKING:
    from grid.world import World

MOST_LISTENS = 65


class Fitting:
    """`fit` is called for each new instance of the code: what a reset ends, begins anew here."""

    def __init__(self, world: 'World', thing: Thing, prim: Prim):
        self.world = world
        self.thing = thing
        self.prim = prim
        self.script: Optional[RunningScript] = None
        self.timer: Optional[Alarm] = None
        self.timer_s = 0.0
        self.urls: List[str] = []
        self.listens: Dict[int, Listen] = {}
        self.permission = Permission()
        self.started_at = world.clock.now()

    def fit(self, script: RunningScript) -> None:
        self.script = script
        self.set_timer(0.0)
        self.release_urls()
        self.listens = {}
        self.permission = Permission()
        self.started_at = self.world.clock.now()
        for calls in (identity, storage, talk, business, web):
            for name, function in calls.supply(self).items():
                script.code.builtin_funcs[name] = function
        script.code.llHMAC = storage.hmac_of

    def wake(self, script: RunningScript) -> None:
        self.world.wake(script)

    def state_changes(self, _: RunningScript) -> None:
        self.listens = {}

    def fault(self, text: str) -> None:
        """What a script may not do: a viewer shows it as a script error."""
        self.world.faults.append(f'{self.name()}: {text}')

    def name(self) -> str:
        return self.script.name if self.script is not None else self.prim.name

    def event(self, name: str, *args: Any) -> None:
        if self.script is not None:
            self.script.queue(name, args)

    def set_timer(self, seconds: float) -> None:
        if self.timer is not None:
            self.timer.cancel()
        self.timer = None
        self.timer_s = seconds
        if seconds > 0:
            self._arm()

    def _arm(self) -> None:
        self.timer = self.world.clock.after(self.timer_s + self.world.late(), self._tick)

    def _tick(self) -> None:
        """It keeps running in an inventory, in which nothing is told."""
        self._arm()
        if self.thing.region is not None:
            self.event('timer')

    def release_urls(self) -> None:
        for url in self.urls:
            self.world.inbound.release(url)
        self.urls = []

    def add_listen(self, listen: Listen) -> int:
        if len(self.listens) >= MOST_LISTENS:
            self.fault('too many listens')
            return -1
        handle = max(self.listens, default=0) + 1
        self.listens[handle] = listen
        return handle

    async def sleep(self, seconds: float) -> None:
        script = self.script
        woken = asyncio.get_running_loop().create_future()
        self.world.clock.after(seconds, lambda: woken.done() or woken.set_result(None))
        assert script is not None
        script.sleeping = True
        self.world.stir()
        try:
            await woken
        finally:
            script.sleeping = False
