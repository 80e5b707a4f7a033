"""Built-ins for linkset data, and those of lummao that are missing or break off."""
from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING, Any, Callable, Dict, List

from lummao import lslfuncs

from grid import linkset

if TYPE_CHECKING:
    from grid.fitting import Fitting


JSON_INVALID = '\ufdd0'


def supply(fitting: 'Fitting') -> Dict[str, Callable[..., Any]]:
    data = lambda: fitting.thing.data  # noqa: E731 (the object's store is replaced at no time)

    def told(result: Any) -> Any:
        """Every script of the link set hears of a change, the writer too."""
        for action, name, value in data().told:
            for script in fitting.thing.scripts():
                script.queue('linkset_data', (action, name, value))
        data().told.clear()
        return result

    def delete(name: str, password: str = '') -> int:
        return told(data().delete(name, password))

    def write(name: str, value: str, password: str = '') -> int:
        return told(data().write(name, value, password))

    return {
        'llJsonGetValue': json_value,
        'llLinksetDataWrite': write,
        'llLinksetDataWriteProtected': write,
        'llLinksetDataRead': lambda name: data().read(name, ''),
        'llLinksetDataReadProtected': lambda name, password: data().read(name, password),
        'llLinksetDataDelete': delete,
        'llLinksetDataDeleteProtected': delete,
        'llLinksetDataReset': lambda: told(data().reset()),
        'llLinksetDataAvailable': lambda: linkset.LIMIT_BYTES - data().used(),
        'llLinksetDataCountKeys': lambda: len(data().pairs),
        'llLinksetDataListKeys': lambda first, most: page(data().keys(), first, most),
        'llLinksetDataFindKeys': lambda what, first, most: page(data().keys(what), first, most),
        'llLinksetDataCountFound': lambda what: len(data().keys(what)),
        'llLinksetDataDeleteFound': lambda what, word: told(data().delete_found(what, word)),
    }


def page(names: List[str], first: int, most: int) -> List[str]:
    """A count below one means all."""
    return names[first:] if most < 1 else names[first : first + most]


def json_value(text: str, path: List[Any]) -> str:
    """JSON that was cut in its middle is invalid, and no reason to crash, as lummao does."""
    try:
        return lslfuncs.llJsonGetValue(text, path)
    except TypeError:
        return JSON_INVALID


async def hmac_of(secret: str, message: str, algorithm: str) -> str:
    """The secret is taken as UTF-8 text, the result is Base64."""
    digest = hmac.new(secret.encode('utf8'), message.encode('utf8'), getattr(hashlib, algorithm))
    return base64.b64encode(digest.digest()).decode('ascii')
