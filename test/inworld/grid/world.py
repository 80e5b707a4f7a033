"""The grid: who and what is on it, which scripts run, how its time goes on; no deed of anybody.

Time goes on only while nothing runs: `run_until` lets every script finish, waits for calls on their
way as long as they are not held up (`patience_s`, real time), then jumps to the next alarm.
"""
from __future__ import annotations

import asyncio
import random
import time
import uuid
from collections import defaultdict
from typing import Callable, Dict, List, Optional, Set

from grid.clock import GridClock
from grid.fitting import Fitting
from grid.inbound import Inbound
from grid.script import RunningScript
from grid.things import Agent, Prim, Thing
from grid.throttle import Throttles

# A timer is late by up to so much, as it is under load.
MOST_LATE_S = 0.4
# Real seconds; a script that runs for longer hangs.
HANDLER_WITHIN_S = 20


class World:
    def __init__(self, clock: GridClock, seed: int, shard: str):
        self.clock = clock
        self.random = random.Random(seed)
        self.shard = shard
        self.throttles = Throttles()
        self.agents: Dict[str, Agent] = {}
        self.things: Dict[str, Thing] = {}
        # Agents who are in every region; all others are away.
        self.here: Set[str] = set()
        # Where an address leads: scripts name the one they were built with.
        self.hosts: Dict[str, str] = {}
        # What was said, shown, called and given, in order.
        self.record: List[dict] = []
        self.faults: List[str] = []
        self.patience_s = 2.0
        self.inbound = Inbound()
        # How often a region was restarted: calls on their way are lost with it.
        self.restarts: Dict[str, int] = defaultdict(int)
        self._ready: List[RunningScript] = []
        self._calls: Dict[object, float] = {}
        self._tasks: Set[asyncio.Task] = set()
        self._changed = asyncio.Event()

    def mint(self) -> str:
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def late(self) -> float:
        return self.random.random() * MOST_LATE_S

    def note(self, kind: str, **what: object) -> None:
        self.record.append({'kind': kind, 'at': self.clock.now(), **what})

    def agent(self, key: str) -> Agent:
        return self.agents.setdefault(key, Agent(key, ''))

    def add_script(self, thing: Thing, prim: Prim, name: str, source: str) -> RunningScript:
        script = RunningScript(name, source, Fitting(self, thing, prim))
        prim.scripts.append(script)
        self.wake(script)
        return script

    def running(self) -> List[RunningScript]:
        return [script for thing in self.things.values() for script in thing.scripts()]

    def thing_with(self, key: str) -> Optional[Thing]:
        for thing in self.things.values():
            if thing.region is not None and any(prim.key == key for prim in thing.prims):
                return thing
        return None

    def reach(self, url: str) -> str:
        for origin, target in self.hosts.items():
            if url.startswith(origin):
                return target + url[len(origin) :]
        return url

    def keep(self, task: asyncio.Task) -> None:
        """asyncio itself holds tasks but weakly."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def wake(self, script: RunningScript) -> None:
        self._ready.append(script)
        self._changed.set()

    def stir(self) -> None:
        """Something has changed that time may have waited for."""
        self._changed.set()

    def call_begins(self, call: object) -> None:
        """Until it ends, time stands still, for `patience_s` at most."""
        self._calls[call] = time.monotonic()

    def call_ends(self, call: object) -> None:
        self._calls.pop(call, None)
        self._changed.set()

    async def run_until(self, end: float, done: Callable[[], bool] = lambda: False) -> bool:
        """True where `done` came true before the end."""
        while True:
            await self.quiet()
            if done():
                return True
            due = self.clock.next_due()
            if due is None or due > end:
                self.clock.move_to(end)
                await self.quiet()
                return done()
            self.clock.move_to(due)

    async def quiet(self) -> None:
        """Settles when no script runs, nothing is due and no call is on its way."""
        while True:
            self.clock.fire_due()
            self._start_ready()
            if not self._is_moving():
                return
            self._changed.clear()
            try:
                await asyncio.wait_for(self._changed.wait(), 0.05)
            except asyncio.TimeoutError:
                pass

    def _is_moving(self) -> bool:
        if any(script.is_busy() for script in self.running()):
            return True
        held_since = time.monotonic() - self.patience_s
        return any(begun > held_since for begun in self._calls.values())

    def _start_ready(self) -> None:
        ready, self._ready = self._ready, []
        for script in ready:
            if script.surroundings.thing.region is not None and script.is_ready():
                self._start(script)

    def _start(self, script: RunningScript) -> None:
        task = asyncio.ensure_future(script.run_one(self.faults.append))
        script.task = task
        self.keep(task)
        deadline = asyncio.get_running_loop().call_later(
            HANDLER_WITHIN_S, lambda: script.sleeping or self._hangs(script, task)
        )

        def ended(_: asyncio.Task) -> None:
            deadline.cancel()
            if script.task is task:
                script.task = None
            self.wake(script)

        task.add_done_callback(ended)

    def _hangs(self, script: RunningScript, task: asyncio.Task) -> None:
        self.faults.append(f'{script.name} has run for {HANDLER_WITHIN_S} s: {script.current}')
        task.cancel()
