"""One running script: its compiled code, its queue of 64 events, its reset; it knows no grid."""
from __future__ import annotations

import asyncio
import copy
import traceback
from collections import deque
from typing import Any, Callable, Deque, Dict, List, Optional, Sequence, Tuple

import lummao

MOST_EVENTS = 64
# lummao's compiler does not know this built-in, so the script gets one to be replaced.
HMAC = 'string llHMAC(string k, string m, string a) { return ""; } '

_classes: Dict[str, type] = {}


def class_of(source: str) -> type:
    """Compiled once, however many boxes hold it."""
    if source not in _classes:
        space = vars(lummao).copy()
        exec(lummao.convert_script(HMAC + source), space)
        _classes[source] = space['Script']
    return _classes[source]


class ScriptReset(Exception):
    """Unwinds a handler that has called llResetScript."""


class RunningScript:
    """`surroundings` fits the built-ins to a new instance of the code."""

    def __init__(self, name: str, source: str, surroundings: Any):
        self.name = name
        self.source = source
        self.surroundings = surroundings
        self.lost: List[str] = []
        self.task: Optional[asyncio.Task] = None
        self.sleeping = False
        # Switched off by llSetScriptState: it handles nothing, as if it were not there.
        self.stopped = False
        self.current: Optional[str] = None
        self._events: Deque[Tuple[str, Sequence[Any], list]] = deque()
        self._begin()

    def _begin(self) -> None:
        self.code = class_of(self.source)()
        self._own = set(vars(lummao.BaseLSLScript()))
        self.code.event_queue.clear()
        self.surroundings.fit(self)
        self._events.clear()
        self._events.append(('state_entry', (), []))

    def has(self, event: str) -> bool:
        return not self.stopped and hasattr(self.code, f'e{self.code.current_state}{event}')

    def queue(self, event: str, args: Sequence[Any] = (), detected: Optional[list] = None) -> None:
        """An event without a handler is none; one too many is lost, and kept on record."""
        if not self.has(event):
            return
        if event == 'timer' and any(waiting[0] == 'timer' for waiting in self._events):
            return
        if len(self._events) >= MOST_EVENTS:
            self.lost.append(event)
            return
        self._events.append((event, args, detected or []))
        self.surroundings.wake(self)

    def globals(self) -> Dict[str, Any]:
        return {name: value for name, value in vars(self.code).items() if name not in self._own}

    def take_state(self, other: 'RunningScript') -> None:
        """A copy of an object goes on with the globals that the original had."""
        self._events.clear()
        for name, value in other.globals().items():
            if not callable(value):
                setattr(self.code, name, copy.deepcopy(value))
        self.code.current_state = other.code.current_state

    def reset(self) -> None:
        if self.task is not None and self.task is not asyncio.current_task():
            self.task.cancel()
        self.task = None
        self.sleeping = False
        self._begin()
        self.surroundings.wake(self)

    def is_ready(self) -> bool:
        return bool(self._events) and self.task is None

    def is_busy(self) -> bool:
        return self.task is not None and not self.sleeping

    async def run_one(self, failed: Callable[[str], None]) -> None:
        event, args, detected = self._events.popleft()
        self.current = event
        code = self.code
        code.queue_event(event, args, detected)
        try:
            while code.event_queue:
                await code.execute_one()
                if code.event_queue:
                    self._events.clear()
                    self.surroundings.state_changes(self)
        except ScriptReset:
            self.reset()
        except Exception:
            failed(f'{self.name}, {event}: {traceback.format_exc(limit=-4)}')
