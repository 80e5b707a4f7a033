// What the owner is told unasked: one message an hour at most, for the grid keeps few.

tellOwner(string text) {
    gTell = text;
}

// An instant message makes the script sleep for 2 s, so this is done by the timer alone.
tellIfDue() {
    if (gTell + gLost == "" || llGetUnixTime() < gToldAt + TELL_APART_S) return;
    string text = llGetObjectName() + " in " + llGetRegionName() + ": " + gTell + gLost;
    if (gDead) text += " (" + moreOrLess(gDead, "dead letter") + ")";
    if (gHeld != []) text += " Do not reset me, but make room: I hold payments beside it.";
    gTell = "";
    gLost = "";
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
    text += "\nWaiting: " + (string)waiting() + ", dead letters: " + (string)gDead;
    if (gHeardAt) text += "\nLast heard " + spanOf(boxTime() - gHeardAt) + " ago.";
    if (gUrl == "") text += "\nNo address for hints: polls only.";
    return text + "\nFree memory: " + (string)llGetFreeMemory() + " bytes";
}

readSlots(string prefix) {
    list names = slotNames(prefix, READ_MOST);
    integer i;
    for (i = 0; i < llGetListLength(names); ++i) {
        llOwnerSay(summaryOf(kept(llList2String(names, i))));
    }
    if (names == []) llOwnerSay("Nothing there.");
}

// The oldest ones. A dot stands for any character here, and for itself in our names.
list slotNames(string prefix, integer most) {
    return llListSort(llLinksetDataFindKeys("^" + prefix, 0, most), 1, TRUE);
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
