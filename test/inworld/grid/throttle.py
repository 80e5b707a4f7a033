"""The grid's limits on calls by scripts, in grid time; a limit that is broken is on record.

Source of the limits: 25 calls in 20 s for an object, 1,000 in 20 s for an owner, after that 120 s
of silence; five answers of 5xx in 60 s stop a script's calls.
"""
from __future__ import annotations

from collections import defaultdict, deque
from typing import Deque, Dict, List, Optional

WINDOW_S = 20
MOST_OF_OBJECT = 25
MOST_OF_OWNER = 1_000
SILENCE_S = 120
MOST_FAULTS = 5
FAULTS_WINDOW_S = 60


class Throttles:
    def __init__(self) -> None:
        self.broken: List[dict] = []
        self._calls: Dict[str, Deque[float]] = defaultdict(deque)
        self._faults: Dict[str, Deque[float]] = defaultdict(deque)
        self._silent_until: Dict[str, float] = {}

    def admit(self, now: float, object_key: str, owner_key: str, script: str) -> Optional[str]:
        """None where the call may be made, else which limit stops it."""
        for who, most in ((object_key, MOST_OF_OBJECT), (owner_key, MOST_OF_OWNER)):
            if now < self._silent_until.get(who, 0):
                return self._break('called in the silence', now, who)
            calls = self._calls[who]
            _forget(calls, now - WINDOW_S)
            calls.append(now)
            if len(calls) > most:
                self._silent_until[who] = now + SILENCE_S
                return self._break(f'more than {most} calls in {WINDOW_S} s', now, who)
        faults = self._faults[script]
        _forget(faults, now - FAULTS_WINDOW_S)
        if len(faults) >= MOST_FAULTS:
            return self._break(f'{MOST_FAULTS} faults in {FAULTS_WINDOW_S} s', now, script)
        return None

    def note_answer(self, now: float, script: str, status: int) -> None:
        if 500 <= status <= 599:
            self._faults[script].append(now)

    def _break(self, limit: str, now: float, who: str) -> str:
        self.broken.append({'limit': limit, 'at': now, 'who': who})
        return limit


def _forget(instants: Deque[float], before: float) -> None:
    while instants and instants[0] <= before:
        instants.popleft()
