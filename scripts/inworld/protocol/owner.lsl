// What the owner is told unasked: one message an hour at most, for the grid keeps few.

tellOwner(string text) {
    gTell = text;
}

// An instant message makes the script sleep for 2 s, so this is done by the timer alone.
tellIfDue() {
    if (gTell == "" || llGetUnixTime() < gToldAt + TELL_APART_S) return;
    string text = llGetObjectName() + " in " + llGetRegionName() + ": " + gTell;
    if (gDead) text += " (" + moreOrLess(gDead, "dead letter") + ")";
    gTell = "";
    gToldAt = llGetUnixTime();
    keep(K_TOLD, (string)gToldAt);
    if (llGetAgentSize(llGetOwner()) == ZERO_VECTOR) llInstantMessage(llGetOwner(), text);
    else llOwnerSay(text);
}

string statusText() {
    string text = "Not paired.";
    if (gBoxId != "") text = gBoxId + " at " + gService;
    if (gHalted != "") text += "\nStopped: " + gHalted;
    else if (gSecret != "" && !isBound()) text += "\nNot yet accepted as this box.";
    text += "\nWaiting: " + (string)gWaiting + ", dead letters: " + (string)gDead;
    if (gHeardAt) text += "\nLast heard " + spanOf(boxTime() - gHeardAt) + " ago.";
    if (gUrl == "") text += "\nNo address for hints: polls only.";
    return text + "\nFree memory: " + (string)llGetFreeMemory() + " bytes";
}

readSlots(string prefix) {
    integer slot = 1;
    if (prefix == K_OUTBOX) slot = oldestSlot();
    integer read;
    for (; slot < gNext && read < READ_MOST; ++slot) {
        string value = kept(slotName(prefix, slot));
        if (value != "") {
            llOwnerSay(summaryOf(value));
            ++read;
        }
    }
    if (!read) llOwnerSay("Nothing there.");
}

// A dead letter has the code of its refusal on a line of its own before the event.
string summaryOf(string value) {
    integer start = llSubStringIndex(value, "{");
    string body = llGetSubString(value, start, -1);
    string text = fieldOf(body, "type");
    if (start) text = llGetSubString(value, 0, start - 2) + ": " + text;
    if (fieldOf(body, "amount") != "") text += " L$ " + fieldOf(body, "amount");
    if (fieldOf(body, "payer") != "") text += " by " + fieldOf(body, "name");
    if (fieldOf(body, "payer") != "") text += " (" + fieldOf(body, "payer") + ")";
    return text + ", Unix time " + fieldOf(body, "at") + ", id " + fieldOf(body, "id");
}
