"""Built-ins for money: pay buttons, permissions, giving back; every L$ given is on record."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Dict, List

from lummao import Key

from grid.things import NULL_KEY

if TYPE_CHECKING:
    from grid.fitting import Fitting

DEBIT = 2


def supply(fitting: 'Fitting') -> Dict[str, Callable[..., Any]]:
    world, prim = fitting.world, fitting.prim

    def set_pay_price(default: int, quick: List[int]) -> None:
        prim.pay_price = default
        prim.pay_quick = (list(quick) + [-2] * 4)[:4]

    def request(agent: str, wanted: int) -> None:
        """Answered by the test, as the agent answers a dialog."""
        fitting.permission.asked = {'agent': str(agent), 'wanted': wanted}
        world.note('permission', by=prim.key, to=str(agent), wanted=wanted)

    def give(to: str, amount: int) -> bool:
        owner = fitting.thing.owner
        permission = fitting.permission
        if not permission.granted & DEBIT or permission.agent != owner.key or amount < 1:
            fitting.fault(f'L$ {amount} to {to} without the permission to debit')
            return False
        at = world.clock.now()
        world.agent(str(to)).received.append({'from': prim.key, 'amount': amount, 'at': at})
        return True

    def transfer(to: str, amount: int) -> Key:
        transfer_id = Key(world.mint())
        given = give(to, amount)
        fitting.event('transaction_result', transfer_id, int(given), f'{to}, {amount}')
        return transfer_id

    return {
        'llSetPayPrice': set_pay_price,
        'llSetClickAction': lambda action: setattr(prim, 'click_action', action),
        'llRequestPermissions': request,
        'llGetPermissions': lambda: fitting.permission.granted,
        'llGetPermissionsKey': lambda: Key(fitting.permission.agent),
        'llGiveMoney': lambda to, amount: give(to, amount) and 0,
        'llTransferLindenDollars': transfer,
    }


def answer(fitting: 'Fitting', says_yes: bool) -> None:
    """The agent that was asked answers; where nobody was asked, nothing happens."""
    permission = fitting.permission
    asked, permission.asked = permission.asked, None
    if asked is None:
        return
    permission.agent = asked['agent'] if says_yes else NULL_KEY
    permission.granted = asked['wanted'] if says_yes else 0
    fitting.event('run_time_permissions', permission.granted)
