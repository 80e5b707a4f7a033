// What the protocol asks of a relay: it shows nothing, and only the owner has a menu.

onBegin() {
    listenToProvider();
    gNameless = [];
}

onChange() {
    forgetLate();
}

// The tenant reads the provider's box, and the relay has no price to set.
onStanding(string answer) {
}

list buttonsFor(key who) {
    return [];
}

onButton(key who, string button) {
}
