// The object's linkset data: it outlives a reset, a restart and a re-rez, and comes along in a
// copy. Every pair is protected by PASS.

integer keep(string name, string value) {
    integer result = llLinksetDataWriteProtected(name, value, PASS);
    return result == LINKSETDATA_OK || result == LINKSETDATA_NOUPDATE;
}

// Where there is no more room, the spare room is given up.
integer keepAtLast(string name, string value) {
    if (keep(name, value)) return TRUE;
    forget(K_SPARE);
    return keep(name, value);
}

string kept(string name) {
    return llLinksetDataReadProtected(name, PASS);
}

forget(string name) {
    llLinksetDataDeleteProtected(name, PASS);
}

// All that is known about the pairing is one pair, so that it is written whole or not at all.
integer keepPair() {
    list parts = [gService, gBoxId, gSecret, gOldSecret, gBoundObject, gBoundOwner];
    parts += [gClockOffset, gTurnedAway];
    return keepAtLast(K_PAIR, llDumpList2String(parts, "\n"));
}

recallPair() {
    list parts = llParseStringKeepNulls(kept(K_PAIR), ["\n"], []);
    gService = llList2String(parts, 0);
    gBoxId = llList2String(parts, 1);
    gSecret = llList2String(parts, 2);
    gOldSecret = llList2String(parts, 3);
    gBoundObject = llList2String(parts, 4);
    gBoundOwner = llList2String(parts, 5);
    gClockOffset = (integer)llList2String(parts, 6);
    gTurnedAway = llList2String(parts, 7);
    recallCode();
}

// A code that is being tried is kept with its address, since a reset may come before the answer.
recallCode() {
    list parts = llParseStringKeepNulls(kept(K_CODE), ["\n"], []);
    gCodeService = llList2String(parts, 0);
    gCode = llList2String(parts, 1);
    gCodeUntil = llGetUnixTime() + CODE_LASTS_S;
}

// Whether the service knows this very object of this very owner: a copy is not bound.
integer isBound() {
    integer isObject = gBoundObject == (string)llGetKey();
    integer isOwner = gBoundOwner == (string)llGetOwner();
    return gSecret != "" && isObject && isOwner;
}

integer isInService() {
    return isBound() && gTurnedAway == "";
}

bind() {
    gBoundObject = (string)llGetKey();
    gBoundOwner = (string)llGetOwner();
}

// Room that is given up for a payment when all the rest is full, whoever has filled it.
keepSpare() {
    if (llLinksetDataAvailable() < STOP_SELLING_FREE_BYTES) return;
    string spare = ".";
    while (llStringLength(spare) < SPARE_CHARS) spare += spare;
    keep(K_SPARE, spare);
}
