// The life of a script: what it does at the start, at each tick, and when the world changes.

// At a start, at each rez, with a new owner: nothing is sent before onBegin() has seen who we are.
begin() {
    recallPair();
    recallRezzed();
    recallPace();
    recount();
    gToldAt = (integer)kept(K_TOLD);
    gCall = NULL_KEY;
    gHalted = "";
    gPollEvery = POLL_S;
    stopHearing();
    onBegin();
    onChange();
    keepSpare();
    greet();
}

// Says hello, and asks for an address, since the one that we had is no more.
greet() {
    gHello = TRUE;
    askUrl();
    step();
}

recallRezzed() {
    gRezzed = (integer)kept(K_REZZED);
    if (!gRezzed) noteRez();
}

// What the original told its owner is not told by a copy.
noteRez() {
    forget(K_TOLD);
    gRezzed = boxTime();
    keep(K_REZZED, (string)gRezzed);
}

worldChanged(integer change) {
    if (!isInRoot()) stepDown();
    else if (change & CHANGED_OWNER) begin();
    else if (change & CHANGED_REGION_START) restarted();
    else if (change & (CHANGED_REGION | CHANGED_TELEPORT)) greet();
}

// The answer to a call under way was lost with the region; the event is still in the outbox.
restarted() {
    gCall = NULL_KEY;
    gNotBefore = llGetUnixTime() + (integer)llFrand(RESTART_SPREAD_S + 1.0);
    greet();
}

tick() {
    integer now = llGetUnixTime();
    if (gCall != NULL_KEY && now >= gCallLostAt) {
        gCall = NULL_KEY;
        failed(0);
    }
    giveUpPairing();
    if (gListenEnd && now >= gListenEnd) stopHearing();
    putHeld();
    tellIfDue();
    onChange();
    step();
}

// Makes the next call where one is due, and sets the timer; harmless at any moment.
step() {
    integer now = llGetUnixTime();
    integer wake = now + IDLE_S;
    if (gNextPoll > now) wake = earlierOf(wake, gNextPoll);
    if (gListenEnd) wake = earlierOf(wake, gListenEnd);
    if (gCall == NULL_KEY) wake = earlierOf(wake, stepCall(now));
    if (gCall != NULL_KEY) wake = earlierOf(wake, gCallLostAt);
    llSetTimerEvent((float)laterOf(1, wake - now));
}

// When there may be a call to make.
integer stepCall(integer now) {
    integer job = nextJob();
    if (job == JOB_NONE) return now + IDLE_S;
    integer at = earliestCall();
    if (at > now) return at;
    startCall(job);
    return earliestCall();
}
