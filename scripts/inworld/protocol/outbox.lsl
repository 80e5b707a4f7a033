// Events that wait for the service's word, the oldest first, and those that it refused for good.
// A payment leaves only when the service has it, or by the hand of the owner.

string slotName(string prefix, integer slot) {
    return prefix + llGetSubString("0000000" + (string)slot, -8, -1);
}

string paymentBody(string id, key payer, integer amount) {
    string body = "{\"v\":1,\"type\":\"payment\"" + textField("id", id);
    body += textField("payer", (string)payer) + textField("name", nameOf(payer));
    return body + numberField("amount", amount) + numberField("at", boxTime()) + "}";
}

// Display data only: the grid may not know it just now, and it may be anything at all.
string nameOf(key agent) {
    string name = llGetDisplayName(agent);
    if (name == "" || name == "???") name = llKey2Name(agent);
    if (llStringLength(name) > NAME_MOST_CHARS) return "";
    return name;
}

// A payment is never let go: where another script has filled all room, this one holds it.
putPayment(string body) {
    if (putEvent(body)) return;
    if (llGetListLength(gHeld) < HOLD_MOST) gHeld += body;
    else gLost += "\nNOT KEPT, for there is no room at all: " + summaryOf(body);
}

// As soon as there is room again.
putHeld() {
    while (gHeld != []) {
        if (!putEvent(llList2String(gHeld, 0))) return;
        gHeld = llDeleteSubList(gHeld, 0, 0);
    }
}

// False where there is no room.
integer putEvent(string body) {
    if (!keepAtLast(slotName(K_OUTBOX, gNext), body)) return FALSE;
    ++gNext;
    ++gWaiting;
    return TRUE;
}

integer waiting() {
    return gWaiting + llGetListLength(gHeld);
}

// Whether there is one to send; counted anew where somebody has wiped the object's memory.
integer hasEvent() {
    if (!gWaiting) return FALSE;
    if (oldestSlot() == gNext) recount();
    return gWaiting;
}

integer oldestSlot() {
    while (gFirst < gNext && kept(slotName(K_OUTBOX, gFirst)) == "") ++gFirst;
    return gFirst;
}

dropEvent(integer slot) {
    forget(slotName(K_OUTBOX, slot));
    --gWaiting;
}

// The dead letter is written before the event is taken out: whatever happens between is harmless.
integer bury(integer slot, string code) {
    string body = kept(slotName(K_OUTBOX, slot));
    if (!keepAtLast(slotName(K_DEAD, slot), code + "\n" + body)) return FALSE;
    dropEvent(slot);
    ++gDead;
    return TRUE;
}

// What waits from a pairing with another box is none of the new one's: this object may be a copy,
// whose original says it, or was moved. Snapshots of there are worth nothing here.
buryAll() {
    integer slot;
    for (slot = oldestSlot(); slot < gNext; ++slot) {
        string type = fieldOf(kept(slotName(K_OUTBOX, slot)), "type");
        if (type == "snapshot") dropEvent(slot);
        else if (type != "") bury(slot, OTHER_BOX);
    }
}

integer hasRoom() {
    integer isFew = gWaiting + gDead < STOP_SELLING_EVENTS && gHeld == [];
    return isFew && llLinksetDataAvailable() > STOP_SELLING_FREE_BYTES;
}

// What is there is counted anew, page by page. No slot is ever used twice, save after a reset.
recount() {
    gWaiting = 0;
    gDead = 0;
    gFirst = 0;
    gNext = laterOf(gNext, 1);
    integer start;
    list page;
    do {
        page = llLinksetDataFindKeys("^tb\\.[od]\\.", start, PAGE);
        countPage(page);
        start += PAGE;
    } while (llGetListLength(page) == PAGE);
    if (!gFirst) gFirst = gNext;
}

countPage(list names) {
    integer i = llGetListLength(names);
    while (i--) {
        string name = llList2String(names, i);
        integer slot = (integer)llGetSubString(name, -8, -1);
        if (slot >= gNext) gNext = slot + 1;
        if (llSubStringIndex(name, K_DEAD) == 0) ++gDead;
        else countEvent(slot);
    }
}

countEvent(integer slot) {
    ++gWaiting;
    if (!gFirst || slot < gFirst) gFirst = slot;
}
