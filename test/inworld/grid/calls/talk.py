"""Built-ins by which a script talks: chat, messages, dialogs, linked messages, floating text.

Source of the limits: chat 1,024 bytes, an instant message 1,023 (and 2 s of sleep), floating text
254, a dialog 512 with 12 buttons of 24 bytes.
"""
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Dict, List

from lummao import Key

from grid.things import Listen

if TYPE_CHECKING:
    from grid.fitting import Fitting

CHAT_BYTES = 1_024
MESSAGE_BYTES = 1_023
MESSAGE_SLEEP_S = 2.0
TEXT_BYTES = 254
DIALOG_BYTES = 512
MOST_BUTTONS = 12
BUTTON_BYTES = 24
LINK_SET, LINK_ALL_OTHERS, LINK_ALL_CHILDREN, LINK_THIS = -1, -2, -3, -4


def supply(fitting: 'Fitting') -> Dict[str, Callable[..., Any]]:
    world, prim = fitting.world, fitting.prim

    def chat(channel: int, text: str) -> None:
        say(fitting, channel, text)

    def chat_to(_target: str, channel: int, text: str) -> None:
        world.note('told', by=prim.key, to=_target, text=within(fitting, text, CHAT_BYTES))
        if channel != 0:
            say(fitting, channel, text)

    def owner_say(text: str) -> None:
        to = fitting.thing.owner.key
        world.note('told', by=prim.key, to=to, text=within(fitting, text, CHAT_BYTES))

    async def message(to: str, text: str) -> None:
        world.note('message', by=prim.key, to=to, text=within(fitting, text, MESSAGE_BYTES))
        await fitting.sleep(MESSAGE_SLEEP_S)

    def set_text(text: str, _color: Any, _alpha: float) -> None:
        prim.text = within(fitting, text, TEXT_BYTES)

    def dialog(to: str, text: str, buttons: List[str], channel: int) -> None:
        is_fit = len(buttons) <= MOST_BUTTONS and all(fits(one, BUTTON_BYTES) for one in buttons)
        if not is_fit or text == '' or not fits(text, DIALOG_BYTES):
            fitting.fault(f'llDialog: text of {len(text)} characters, buttons {buttons}')
        world.note('dialog', by=prim.key, to=to, text=text, buttons=buttons, channel=channel)

    def text_box(to: str, text: str, channel: int) -> None:
        if text == '' or not fits(text, DIALOG_BYTES):
            fitting.fault(f'llTextBox: text of {len(text)} characters')
        world.note('text-box', by=prim.key, to=to, text=text, channel=channel)

    def listen(channel: int, name: str, key: str, text: str) -> int:
        return fitting.add_listen(Listen(channel, name, str(key), text))

    def control(handle: int, active: int) -> None:
        if handle in fitting.listens:
            fitting.listens[handle].active = bool(active)

    return {
        'llSay': chat,
        'llWhisper': chat,
        'llShout': chat,
        'llRegionSay': chat,
        'llRegionSayTo': chat_to,
        'llOwnerSay': owner_say,
        'llInstantMessage': message,
        'llDialog': dialog,
        'llTextBox': text_box,
        'llListen': listen,
        'llListenRemove': lambda handle: fitting.listens.pop(handle, None) and None,
        'llListenControl': control,
        'llSetText': set_text,
        'llMessageLinked': lambda to, num, text, key: link_message(fitting, to, num, text, key),
        'llLoadURL': lambda *_: None,
    }


def say(fitting: 'Fitting', channel: int, text: str) -> None:
    said = {'channel': channel, 'name': fitting.prim.name, 'key': fitting.prim.key}
    hear(fitting, {**said, 'text': within(fitting, text, CHAT_BYTES)})


def hear(speaker: 'Fitting', said: Dict[str, Any]) -> None:
    speaker.world.note('chat', by=said['key'], channel=said['channel'], text=said['text'])
    for script in speaker.world.running():
        offer(script, said)


def offer(script: Any, said: Dict[str, Any]) -> None:
    """`script` hears what was said where one of its listens fits, once; no prim hears itself."""
    if script.surroundings.prim.key == said['key']:
        return
    if any(listen.hears(said) for listen in script.surroundings.listens.values()):
        script.queue('listen', (said['channel'], said['name'], Key(said['key']), said['text']))


def link_message(fitting: 'Fitting', to: int, num: int, text: str, key: str) -> None:
    me = fitting.prim
    for prim in fitting.thing.prims:
        number = max(prim.link, 1)
        is_meant = {
            LINK_SET: True,
            LINK_ALL_OTHERS: prim is not me,
            LINK_ALL_CHILDREN: number > 1,
            LINK_THIS: prim is me,
        }.get(to, number == max(to, 1))
        for script in prim.scripts if is_meant else []:
            script.queue('link_message', (me.link, num, text, Key(key)))


def fits(text: str, most_bytes: int) -> bool:
    return len(text.encode('utf8')) <= most_bytes


def within(fitting: 'Fitting', text: str, most_bytes: int) -> str:
    """What is too long is cut, as on the grid, and kept on record."""
    raw = text.encode('utf8')
    if len(raw) <= most_bytes:
        return text
    fitting.fault(f'a text of {len(raw)} bytes is cut at {most_bytes}: {text[:60]}…')
    return raw[:most_bytes].decode('utf8', 'ignore')
