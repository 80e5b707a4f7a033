"""Agents, prims and objects as they stand in a region or lie in an inventory; they do nothing."""
from __future__ import annotations

from typing import Dict, List, Optional

from lummao import DetectedDetails, Key

from grid.linkset import LinksetData
from grid.script import RunningScript

PAY_DEFAULT = -2
NULL_KEY = '00000000-0000-0000-0000-000000000000'


class Agent:
    def __init__(self, key: str, name: str):
        self.key = key
        self.name = name
        # L$ that boxes have given this agent, in order: {from, amount, at}.
        self.received: List[dict] = []


class Prim:
    """One part of an object; its scripts, its floating text and its pay buttons."""

    def __init__(self, key: str, name: str, link: int):
        self.key = key
        self.name = name
        # 0: alone; 1: the root of several; else a child.
        self.link = link
        self.scripts: List[RunningScript] = []
        self.text = ''
        self.pay_price = PAY_DEFAULT
        self.pay_quick = [PAY_DEFAULT] * 4
        self.click_action = 0


class Thing:
    """An object: a link set of prims with one owner and one store of linkset data."""

    def __init__(self, owner: Agent, region: Optional[str], rezzed: float):
        self.owner = owner
        # None: it lies in its owner's inventory, and nothing of it runs.
        self.region = region
        self.rezzed = rezzed
        self.prims: List[Prim] = []
        self.data = LinksetData()

    @property
    def root(self) -> Prim:
        return self.prims[0]

    def scripts(self) -> List[RunningScript]:
        return [script for prim in self.prims for script in prim.scripts]


class Permission:
    """What one script may do, and for whom; what it has asked for and nobody has answered yet."""

    def __init__(self) -> None:
        self.agent = NULL_KEY
        self.granted = 0
        self.asked: Optional[dict] = None


class Listen:
    def __init__(self, channel: int, name: str, key: str, text: str):
        self.channel = channel
        self.name = name
        self.key = key
        self.text = text
        self.active = True

    def hears(self, said: Dict) -> bool:
        return (
            self.active
            and self.channel == said['channel']
            and self.name in ('', said['name'])
            and self.key in ('', NULL_KEY, said['key'])
            and self.text in ('', said['text'])
        )


def detected(key: str, name: str, owner: str, link: int) -> DetectedDetails:
    """What llDetected… tells of one touch."""
    details = DetectedDetails()
    details.Key, details.Name, details.Owner = Key(key), name, Key(owner)
    details.Group, details.LinkNumber = Key(NULL_KEY), link
    return details
