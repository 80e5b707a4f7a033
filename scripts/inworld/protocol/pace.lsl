// When the next call may be made. Our clock shows whole seconds, hence the «more than».

integer earlierOf(integer a, integer b) {
    if (a < b) return a;
    return b;
}

integer laterOf(integer a, integer b) {
    if (a > b) return a;
    return b;
}

// The earliest instant, by our own clock, that every limit allows.
integer earliestCall() {
    integer at = laterOf(gNotBefore, gQuietUntil);
    if (gCallTimes != []) {
        at = laterOf(at, llList2Integer(gCallTimes, -1) + CALL_APART_S + 1);
    }
    if (llGetListLength(gCallTimes) >= CALLS_A_MINUTE) {
        at = laterOf(at, llList2Integer(gCallTimes, 0) + MINUTE_S + 1);
    }
    if (llGetListLength(gFaultTimes) >= FAULTS_A_MINUTE) {
        at = laterOf(at, llList2Integer(gFaultTimes, 0) + MINUTE_S + 1);
    }
    return at;
}

// The times of the last few, the newest at the end.
list withTime(list times, integer most) {
    times += llGetUnixTime();
    if (llGetListLength(times) > most) return llDeleteSubList(times, 0, 0);
    return times;
}

// Nothing was taken: wait, the longer the more failures there were in a row.
failed(integer atLeast) {
    integer base = llList2Integer(RETRY_S, -1);
    if (gFailures < llGetListLength(RETRY_S)) base = llList2Integer(RETRY_S, gFailures);
    ++gFailures;
    integer spread = base * (80 + (integer)llFrand(41.0)) / 100;
    gNotBefore = llGetUnixTime() + laterOf(atLeast, spread);
    keepPace();
}

throttled() {
    gQuietUntil = llGetUnixTime() + THROTTLED_S;
    failed(0);
}

// A reset does not make the grid forget.
keepPace() {
    keep(K_PACE, llDumpList2String([gNotBefore, gQuietUntil] + gFaultTimes, ","));
}

recallPace() {
    list times = llParseString2List(kept(K_PACE), [","], []);
    integer now = llGetUnixTime();
    gNotBefore = laterOf(llList2Integer(times, 0), now + START_WAIT_S);
    gQuietUntil = llList2Integer(times, 1);
    gFaultTimes = numbersOf(llDeleteSubList(times, 0, 1));
}

list numbersOf(list texts) {
    list numbers;
    integer i;
    for (i = 0; i < llGetListLength(texts); ++i) numbers += llList2Integer(texts, i);
    return numbers;
}
