"""The grid's clock: it moves when the test says so, in jumps from alarm to alarm.

Grid time is the machine's time plus an offset that only grows. All waits of scripts (timers,
sleeps, time-outs, throttles) are alarms in grid time, and the grid jumps to the next alarm as soon
as every script is idle and no call is on its way: hours pass in seconds. The offset is written to a
file, by which the service under test moves its own clock (see ../moved-clock.cjs), so that both
agree on the time at every instant, as a real service and a real grid do.
"""
from __future__ import annotations

import heapq
import itertools
import os
import time
from typing import Callable, List, Optional, Tuple

OFFSET_DIGITS = 15


class Alarm:
    """One thing to be done at an instant of grid time, until it is called off."""

    def __init__(self, due: float, run: Callable[[], None]):
        self.due = due
        self.run: Optional[Callable[[], None]] = run

    def cancel(self) -> None:
        self.run = None


class GridClock:
    def __init__(self, offset_file: str):
        self._file = os.open(offset_file, os.O_RDWR | os.O_CREAT, 0o600)
        self._offset_ms = 0
        self._alarms: List[Tuple[float, int, Alarm]] = []
        self._order = itertools.count()
        self._tell()

    def now(self) -> float:
        """Unix seconds on the grid."""
        return time.time() + self._offset_ms / 1000

    def after(self, seconds: float, run: Callable[[], None]) -> Alarm:
        alarm = Alarm(self.now() + max(0.0, seconds), run)
        heapq.heappush(self._alarms, (alarm.due, next(self._order), alarm))
        return alarm

    def next_due(self) -> Optional[float]:
        while self._alarms and self._alarms[0][2].run is None:
            heapq.heappop(self._alarms)
        return self._alarms[0][0] if self._alarms else None

    def move_to(self, instant: float) -> None:
        """Never back: an instant that has passed leaves the clock as it is."""
        ahead_ms = int((instant - self.now()) * 1000) + 1
        if ahead_ms > 0:
            self._offset_ms += ahead_ms
            self._tell()

    def fire_due(self) -> bool:
        """Does what is due; true where something was."""
        fired = False
        now = self.now()
        while True:
            due = self.next_due()
            if due is None or due > now:
                return fired
            alarm = heapq.heappop(self._alarms)[2]
            run, alarm.run = alarm.run, None
            if run is not None:
                fired = True
                run()

    def _tell(self) -> None:
        text = str(self._offset_ms).rjust(OFFSET_DIGITS, '0')
        os.pwrite(self._file, text.encode('ascii'), 0)
