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

noteCall() {
    gCallTimes = withTime(gCallTimes, CALLS_A_MINUTE);
    keepPace();
}

noteFault() {
    gFaultTimes = withTime(gFaultTimes, FAULTS_A_MINUTE);
    keepPace();
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
    gQuietUntil = llGetUnixTime() + THROTTLED_S + 1;
    failed(0);
}

// A reset makes neither the grid nor the service forget.
keepPace() {
    list lines = [gNotBefore, gQuietUntil, llList2CSV(gFaultTimes), llList2CSV(gCallTimes)];
    keep(K_PACE, llDumpList2String(lines, "\n"));
}

recallPace() {
    list lines = llParseStringKeepNulls(kept(K_PACE), ["\n"], []);
    integer soon = llGetUnixTime() + START_WAIT_S;
    gNotBefore = laterOf((integer)llList2String(lines, 0), soon);
    gQuietUntil = (integer)llList2String(lines, 1);
    gFaultTimes = numbersIn(llList2String(lines, 2));
    gCallTimes = numbersIn(llList2String(lines, 3));
}

list numbersIn(string csv) {
    list texts = llParseString2List(csv, [", "], []);
    list numbers;
    integer i;
    for (i = 0; i < llGetListLength(texts); ++i) numbers += llList2Integer(texts, i);
    return numbers;
}
