// What the provider's box says, as `snapshot` events. In quiet times only the latest word waits; a
// jump is told by two, before and after. It is never taken for a payment.

// The last word of the provider's box, as it was told: it outlives a reset, so that no jump hides
// behind one.
string K_SNAPSHOT = "tb.snapshot";
// Two scripts' clocks, and a message that was under way, explain so much and no more.
integer JUMP_S = 60;
// An unchanged rental is told again after so long.
integer SNAPSHOT_APART_S = 300;
// What a body of 2,048 bytes has room for, beside the other fields.
integer MOST_TENANTS = 40;

string gTenants;
// The slot of the word that a newer one may replace.
integer gSnapshotSlot;
integer gSnapshotSaidAt;

// `details` are further fields of the body, already written; "" where the box said no more.
takeWord(integer left, string renter, string details) {
    string before = kept(K_SNAPSHOT);
    integer at = laterOf(boxTime(), numberOf(before, "at") + 1);
    string after = snapshotBody(at, left, renter, details);
    keep(K_SNAPSHOT, after);
    if (!isInService() || !hasRoom()) return;
    if (isJump(before, after)) tellJump(before, after);
    else if (isNews(before, after)) tellLatest(after);
    step();
}

// The service keeps none that is not newer than the last, hence the second between two.
string snapshotBody(integer at, integer left, string renter, string details) {
    string body = "{\"v\":1,\"type\":\"snapshot\"" + numberField("at", at);
    body += numberField("left", left) + textField("renter", renter) + details;
    if (gTenants != "") body += textField("tenants", gTenants);
    return body + "}";
}

// Time that neither ran down with the clock nor stood still at another renter's.
integer isJump(string before, string after) {
    if (before == "") return FALSE;
    if (fieldOf(before, "renter") != fieldOf(after, "renter")) return TRUE;
    if (fieldOf(after, "renter") == (string)NULL_KEY) return FALSE;
    integer passed = numberOf(after, "at") - numberOf(before, "at");
    integer expected = numberOf(before, "left") - passed;
    return llAbs(numberOf(after, "left") - expected) > JUMP_S;
}

// Both are told, whatever else waits: the word before may never have been said.
tellJump(string before, string after) {
    if (!replaceEvent(gSnapshotSlot, before)) putEvent(before);
    putEvent(after);
    gSnapshotSlot = 0;
    gSnapshotSaidAt = boxTime();
}

integer isNews(string before, string after) {
    if (boxTime() - gSnapshotSaidAt >= SNAPSHOT_APART_S) return TRUE;
    return withoutTimes(before) != withoutTimes(after);
}

// All but `at` and `left`, which differ between any two.
string withoutTimes(string body) {
    return llDeleteSubString(body, 0, llSubStringIndex(body, "\"renter\""));
}

tellLatest(string body) {
    gSnapshotSaidAt = boxTime();
    if (replaceEvent(gSnapshotSlot, body)) return;
    gSnapshotSlot = gNext;
    putEvent(body);
}

// Puts a newer word in place of one that still waits; False where that one is gone, or on its way.
integer replaceEvent(integer slot, string body) {
    integer isOnItsWay = gCall != NULL_KEY && gJob == JOB_EVENT && gSlot == slot;
    string name = slotName(K_OUTBOX, slot);
    if (isOnItsWay || kept(name) == "") return FALSE;
    return keep(name, body);
}
