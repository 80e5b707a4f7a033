// Touching: a dialog for whoever touches, more buttons for the owner, and the text box for pairing.

// Buttons of the owner, as they are written on the dialog.
string B_PAIR = "Pair";
string B_STATUS = "Status";
string B_OUTBOX = "Outbox";
string B_DEAD = "Dead letters";
string B_RETRY = "Try again";
string B_RESET = "Reset";
string B_RESEND = "Send again";
string B_DELETE = "Delete";
string B_CLOSE = "Close";

// `buttons` are those of the script itself, for this agent.
openMenu(key who, list buttons) {
    if (who == llGetOwner()) {
        buttons += [B_PAIR, B_STATUS, B_OUTBOX, B_DEAD, B_RETRY, B_RESET];
    }
    hear();
    llDialog(who, menuTitle(), buttons + [B_CLOSE], gChannel);
}

string menuTitle() {
    return "Rent box " + gBoxId + "\nWhat would you like?";
}

// Dialogs are answered on one channel, the text box on the one below, which only the owner has.
hear() {
    gListenEnd = llGetUnixTime() + LISTEN_S;
    if (gListens != []) return;
    gChannel = -1000000 - (integer)llFrand(1000000000.0);
    gListens = [llListen(gChannel, "", NULL_KEY, "")];
    gListens += llListen(gChannel - 1, "", llGetOwner(), "");
}

stopHearing() {
    integer i = llGetListLength(gListens);
    while (i--) llListenRemove(llList2Integer(gListens, i));
    gListens = [];
    gListenEnd = 0;
}

takeChoice(integer channel, key who, string text) {
    if (gListens == []) return;
    integer isOwner = who == llGetOwner();
    if (channel == gChannel - 1 && isOwner) pairingWritten(llStringTrim(text, STRING_TRIM));
    if (channel == gChannel && isOwner) ownerChose(text);
}

ownerChose(string button) {
    if (button == B_PAIR) askPairing();
    else if (button == B_STATUS) llOwnerSay(statusText());
    else if (button == B_OUTBOX) readSlots(K_OUTBOX);
    else if (button == B_DEAD) openDeadLetters();
    else if (button == B_RETRY) tryAgain();
    else if (button == B_RESET) resetScript();
    else if (button == B_RESEND) resendDead();
    else if (button == B_DELETE) deleteDead();
}

// A reset loses nothing but what the script alone holds.
resetScript() {
    if (gHeld == []) llResetScript();
    llOwnerSay("Not now: make room in the object first, for I hold payments beside it.");
}

askPairing() {
    hear();
    string text = "Write the service's address and the pairing code, for example:\n";
    text += "https://tierbridge.example K7QX-3MPD9A2RTW6H";
    if (gService != "") text += "\nWithout an address: " + gService;
    llTextBox(llGetOwner(), text, gChannel - 1);
}

openDeadLetters() {
    readSlots(K_DEAD);
    if (!gDead) return;
    hear();
    string text = "Refused for good: see the chat. Send them again once the cause is mended, or";
    text += " delete them once each was settled by hand.";
    llDialog(llGetOwner(), text, [B_RESEND, B_DELETE, B_CLOSE], gChannel);
}

// What was read goes to the end of the outbox; what finds no room there stays a dead letter.
resendDead() {
    list names = slotNames(K_DEAD, READ_MOST);
    integer i;
    for (i = 0; i < llGetListLength(names); ++i) resend(llList2String(names, i));
    step();
}

resend(string name) {
    string value = kept(name);
    if (llSubStringIndex(value, OTHER_BOX) == 0) return;
    if (putEvent(llDeleteSubString(value, 0, llSubStringIndex(value, "\n")))) dropDead(name);
}

// No more than the owner has read.
deleteDead() {
    list names = slotNames(K_DEAD, READ_MOST);
    integer i = llGetListLength(names);
    while (i--) dropDead(llList2String(names, i));
    llOwnerSay("Deleted what was read. Left: " + moreOrLess(gDead, "dead letter") + ".");
    onChange();
}

dropDead(string name) {
    forget(name);
    --gDead;
}

tryAgain() {
    gHalted = "";
    gNotBefore = 0;
    gFailures = 0;
    gHello = TRUE;
    step();
}
