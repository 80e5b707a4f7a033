// Sits in the root prim of a provider's box and passes on what that says of its rental, and the
// payments that it sees. It never touches the pay price, shows no text, and guesses nothing.

string KIND = "relay";

#include "protocol.lsl"

#include "relay/snapshots.lsl"
#include "relay/listening.lsl"
#include "relay/payments.lsl"
#include "relay/hooks.lsl"

default {
    state_entry() {
        awake();
    }

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

    link_message(integer sender, integer number, string text, key id) {
        takeLinkMessage(number, text, id);
    }

    touch_start(integer count) {
        while (count--) touched(llDetectedKey(count));
    }

    listen(integer channel, string name, key who, string text) {
        if (channel == PROVIDER_CHANNEL) takeBroadcast(who, text);
        else if (channel == PUBLIC_CHANNEL) takeChat(who, text);
        else takeChoice(channel, who, text);
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
