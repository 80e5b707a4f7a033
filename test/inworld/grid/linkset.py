"""Linkset data: the pairs that an object keeps through reset, take, rez and copy.

Source of the limits: 131,072 bytes for the object, a protected pair costs 32 bytes more.
"""
from __future__ import annotations

import re
from typing import Dict, List, Optional, Tuple

LIMIT_BYTES = 131_072
PROTECTION_BYTES = 32

OK, FULL, NO_KEY, PROTECTED, NOT_FOUND, NO_UPDATE = range(6)
RESET, UPDATE, DELETE, MULTIDELETE = range(4)

Pair = Tuple[str, str]


class LinksetData:
    """Every writing method answers LSL's result code, and `told` collects linkset_data events."""

    def __init__(self) -> None:
        self.pairs: Dict[str, Pair] = {}
        self.told: List[Tuple[int, str, str]] = []
        self.most_used = 0

    def copy(self) -> 'LinksetData':
        twin = LinksetData()
        twin.pairs = dict(self.pairs)
        return twin

    def used(self) -> int:
        return sum(cost(name, pair) for name, pair in self.pairs.items())

    def read(self, name: str, password: str) -> str:
        value, needed = self.pairs.get(name, ('', ''))
        return value if needed in ('', password) else ''

    def write(self, name: str, value: str, password: str) -> int:
        if name == '':
            return NO_KEY
        if value == '':
            return self.delete(name, password)
        before = self.pairs.get(name)
        if before is not None and before[1] not in ('', password):
            return PROTECTED
        pair = (value, password)
        if before == pair:
            return NO_UPDATE
        used = self.used() - (0 if before is None else cost(name, before)) + cost(name, pair)
        if used > LIMIT_BYTES:
            return FULL
        self.pairs[name] = pair
        self.most_used = max(self.most_used, used)
        self.told.append((UPDATE, name, '' if password else value))
        return OK

    def delete(self, name: str, password: str) -> int:
        before = self.pairs.get(name)
        if before is None:
            return NOT_FOUND
        if before[1] not in ('', password):
            return PROTECTED
        del self.pairs[name]
        self.told.append((DELETE, name, ''))
        return OK

    def reset(self) -> None:
        self.pairs.clear()
        self.told.append((RESET, '', ''))

    def keys(self, pattern: Optional[str] = None) -> List[str]:
        """In alphabetical order; protected ones are listed too."""
        names = sorted(self.pairs)
        return names if pattern is None else [name for name in names if re.search(pattern, name)]

    def delete_found(self, pattern: str, password: str) -> List[int]:
        """How many were deleted, and how many were protected from it."""
        found = self.keys(pattern)
        free = [name for name in found if self.pairs[name][1] in ('', password)]
        for name in free:
            del self.pairs[name]
        if free:
            self.told.append((MULTIDELETE, ','.join(free), ''))
        return [len(free), len(found) - len(free)]


def cost(name: str, pair: Pair) -> int:
    value, password = pair
    size = len(name.encode('utf8')) + len(value.encode('utf8'))
    return size + (PROTECTION_BYTES if password else 0)
