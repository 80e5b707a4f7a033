// What is made of an answer, as the service's table of answers says.

// Every script of the prim gets every answer: only ours counts, and none that we gave up.
answered(key request, integer status, string body) {
    if (request != gCall) return;
    takeAnswer(status, body);
    onChange();
    step();
}

takeAnswer(integer status, string body) {
    gCall = NULL_KEY;
    string code = answerCode(body);
    integer retry = earlierOf(numberOf(body, "retry"), RETRY_MOST_S);
    if (status >= 500) noteFault();
    if (code != "clock" && code != "nonce") gResigned = 0;
    if (isTaken(status, code, body)) taken(body);
    else if (status == 420) throttled();
    else if (code == "") failed(0);
    else if (code == "clock" || code == "nonce") signAgain(code, body, retry);
    else if (isRefusal(status, code, REFUSED_CODES)) refused(code);
    else if (isRefusal(status, code, HALT_CODES)) halted(code);
    else failed(retry);
}

// "" where it is not whole, or not in the promised shape: then nobody knows what the service did.
string answerCode(string body) {
    integer isWhole = llGetSubString(body, 0, 0) == "{" && llGetSubString(body, -1, -1) == "}";
    integer isOurs = fieldOf(body, "t") != "" && fieldOf(body, "ok") != "";
    if (isWhole && isOurs) return fieldOf(body, "code");
    return "";
}

integer isTaken(integer status, string code, string body) {
    if (status != 200 || numberOf(body, "ok") != 1) return FALSE;
    if (gJob == JOB_REGISTER) return code == "paired";
    if (gJob == JOB_STANDING) return code == "standing";
    return code == "stored" || code == "known";
}

// A proxy's own word under another status is no word of the service.
integer isRefusal(integer status, string code, list codes) {
    return status >= 400 && status < 500 && llListFindList(codes, [code]) >= 0;
}

taken(string body) {
    gFailures = 0;
    gHeardAt = boxTime();
    if (gJob == JOB_REGISTER) paired(body);
    else accepted();
    if (gJob == JOB_HELLO) gHello = gSaidUrl != gUrl;
    else if (gJob == JOB_EVENT) eventTaken();
    else if (gJob == JOB_STANDING) standingTaken(body);
}

// The service took the secret, and this object: the secret before is not needed any more. Of a
// retired box it takes the payments and nothing else.
accepted() {
    if (gOldSecret == "" && isBound() && gTurnedAway == gHalted) return;
    gOldSecret = "";
    gTurnedAway = gHalted;
    bind();
    keepPair();
}

eventTaken() {
    dropEvent(gSlot);
    if (gWaiting) return;
    // What people see of their payment should not wait for the next poll.
    gPollNow = TRUE;
    keepSpare();
}

standingTaken(string body) {
    gPollNow = FALSE;
    pollLater(numberOf(body, "poll"));
    string next = fieldOf(body, "next");
    if (next != "") takeUp(next);
    onStanding(body);
}

// The service's seconds, 10 % more or less, so that boxes do not call in step.
pollLater(integer seconds) {
    if (seconds < 1) seconds = POLL_S;
    seconds = earlierOf(seconds, POLL_MOST_S);
    gPollEvery = seconds;
    gNextPoll = llGetUnixTime() + seconds - seconds / 10 + (integer)llFrand(seconds / 5 + 1.0);
}

// A new secret signs from now on; where it cannot be kept, the old one goes on.
takeUp(string next) {
    string before = gOldSecret;
    gOldSecret = gSecret;
    gSecret = next;
    if (keepPair()) return;
    gSecret = gOldSecret;
    gOldSecret = before;
}

signAgain(string code, string body, integer retry) {
    if (code == "clock") {
        gClockOffset = numberOf(body, "t") - llGetUnixTime();
        keepPair();
    }
    ++gResigned;
    if (gResigned > MOST_RESIGNED) failed(0);
    else gNotBefore = llGetUnixTime() + retry;
}

// Refused for good: what the call was about is not said again.
refused(string code) {
    if (gJob == JOB_EVENT) eventRefused(code);
    else if (gJob == JOB_HELLO) helloRefused(code);
    else if (gJob == JOB_REGISTER) pairingFailed(code);
    else failed(0);
}

helloRefused(string code) {
    gHello = FALSE;
    tellOwner("My hello was refused (" + code + "): tell whoever runs the service.");
}

eventRefused(string code) {
    if (!bury(gSlot, code)) {
        failed(0);
        return;
    }
    tellOwner("An event was refused for good (" + code + "): touch me and read the dead letters.");
}

halted(string code) {
    if (gJob == JOB_REGISTER) {
        pairingFailed(code);
        return;
    }
    if (code == "signature" && gOldSecret != "") {
        fallBack();
        return;
    }
    // Payments of a retired box are still taken: what is none must not stand in their way.
    if (gJob == JOB_EVENT && code == "retired") bury(gSlot, code);
    gHalted = code;
    gTurnedAway = code;
    keepPair();
    tellOwner("Stopped (" + code + "): nothing is lost. Touch me, and pair me or try again.");
}

// The newer secret is not known after all.
fallBack() {
    gSecret = gOldSecret;
    gOldSecret = "";
    keepPair();
}
