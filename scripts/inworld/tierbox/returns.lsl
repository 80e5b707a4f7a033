// Giving L$ back, where the owner has allowed it (debit permission), and saying so to the service.

// Followed by the payment's event id: the `returned` event, until the grid has said what became
// of it.
string K_RETURN = "tb.r.";
string K_RETURNS_WANTED = "tb.returns";
string B_RETURNS = "Returns";

// Pairs of transfer and event id.
list gTransfers;

integer mayReturn() {
    integer isGiven = (llGetPermissions() & PERMISSION_DEBIT) != 0;
    return isGiven && llGetPermissionsKey() == llGetOwner();
}

// Nothing is given back that could not be said afterwards: it would be credited as well.
startReturn(string id, key payer, integer amount) {
    string body = "{\"v\":1,\"type\":\"returned\"" + textField("id", id);
    body += numberField("amount", amount) + numberField("at", boxTime()) + "}";
    integer isReady = mayReturn() && gHeld == [];
    // Not in one condition: LSL works out both sides of an «and», whatever the first one is.
    if (isReady) isReady = keep(K_RETURN + id, body);
    if (isReady) gTransfers += [llTransferLindenDollars(payer, amount), id];
    else sayKept(payer, amount);
}

sayKept(key payer, integer amount) {
    string text = "L$ " + (string)amount + " is less than the least payment of L$ ";
    text += (string)gMinimum + ". It is kept, and counts for the time that it buys.";
    if (!isInService()) text = "This box is out of service: please tell the estate you have paid.";
    llRegionSayTo(payer, PUBLIC_CHANNEL, text);
}

returnEnded(key transfer, integer success, string data) {
    integer at = llListFindList(gTransfers, [transfer]);
    if (at < 0) return;
    string id = llList2String(gTransfers, at + 1);
    gTransfers = llDeleteSubList(gTransfers, at, at + 1);
    if (success) putPayment(kept(K_RETURN + id));
    else tellOwner("A payment could not be returned (" + data + "): it counts.");
    forget(K_RETURN + id);
    step();
}

// The grid's word about these was lost with the script: a person must look whether L$ went back.
buryOpenReturns() {
    gTransfers = [];
    list names = llLinksetDataFindKeys("^tb\\.r\\.", 0, PAGE);
    integer i = llGetListLength(names);
    while (i--) buryReturn(llList2String(names, i));
}

buryReturn(string name) {
    if (!keepAtLast(slotName(K_DEAD, gNext), "return-unclear\n" + kept(name))) return;
    ++gNext;
    ++gDead;
    forget(name);
    tellOwner("I was reset while L$ were being returned: look whether they were.");
}

// Asked for by the owner, and again after each start, since a reset ends it.
askReturns() {
    llRequestPermissions(llGetOwner(), PERMISSION_DEBIT);
}

permissionsGiven(integer permissions) {
    if (!(permissions & PERMISSION_DEBIT)) {
        forget(K_RETURNS_WANTED);
        return;
    }
    keep(K_RETURNS_WANTED, "1");
    llOwnerSay("Amounts below the least payment will be returned.");
}
