// What the protocol asks of a relay, and the owner's menu: others have the provider's.

// Whether the estate allows payments; a box that has not been told sells.
integer gGate = TRUE;

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

// A relay never touches the pay price, so a closed gate is for the owner to see to.
onStanding(string answer) {
    integer gate = numberOf(answer, "gate");
    if (gGate && !gate) {
        tellOwner("Payments are paused by the estate, but the provider's box goes on taking them.");
    }
    gGate = gate;
}

touched(key who) {
    if (who == llGetOwner()) openMenu(who, []);
}
