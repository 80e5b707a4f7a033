// What the protocol asks of a relay: it shows nothing, and only the owner has a menu.

onBegin() {
    listenToProvider();
    gNameless = [];
}

// The last word may be that of the box from which this one was copied.
onPaired() {
    forget(K_SNAPSHOT);
    gSnapshotSaidAt = 0;
    gTenants = "";
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
