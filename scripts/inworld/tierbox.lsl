// A rent box for an estate that lets through the service: takes payments in L$, keeps each until
// the service has it, and shows how the rental stands. It decides nothing about time or money.

string KIND = "tierbox";

#include "protocol.lsl"

#include "tierbox/standing.lsl"
#include "tierbox/sign.lsl"
#include "tierbox/selling.lsl"
#include "tierbox/returns.lsl"
#include "tierbox/touching.lsl"
#include "tierbox/hooks.lsl"

default {
    state_entry() {
        awake();
    }

    // A copy gets here before it can be paid: the pay buttons of what is not bound are hidden.
    on_rez(integer parameter) {
        noteRez();
        awake();
    }

    changed(integer change) {
        worldChanged(change);
    }

    // A viewer can be made to send L$ 0: nothing was paid.
    money(key payer, integer amount) {
        if (amount > 0) takePayment(payer, amount);
    }

    transaction_result(key transfer, integer success, string data) {
        returnEnded(transfer, success, data);
    }

    run_time_permissions(integer permissions) {
        permissionsGiven(permissions);
    }

    touch_start(integer count) {
        while (count--) touched(llDetectedKey(count));
    }

    listen(integer channel, string name, key who, string text) {
        takeChoice(channel, who, text);
        if (channel == gChannel) chose(who, text);
    }

    http_response(key request, integer status, list metadata, string body) {
        answered(request, status, body);
    }

    http_request(key request, string method, string body) {
        takeRequest(request, method, body);
    }

    timer() {
        tick();
    }
}
