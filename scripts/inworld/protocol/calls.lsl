// What is said next, and saying it: one call at a time, the oldest event first.

integer nextJob() {
    if (gCode != "") return JOB_REGISTER;
    if (gSecret == "") return JOB_NONE;
    // Of a retired box the service still takes payments: real L$ changed hands.
    if (gHalted == "retired" && hasEvent()) return JOB_EVENT;
    if (gHalted != "") return JOB_NONE;
    if (gHello) return JOB_HELLO;
    integer late = llGetUnixTime() - gNextPoll;
    if (gPollNow || late > gPollEvery) return JOB_STANDING;
    if (hasEvent()) return JOB_EVENT;
    if (late >= 0) return JOB_STANDING;
    return JOB_NONE;
}

startCall(integer job) {
    gJob = job;
    gBody = bodyOf(job);
    noteCall();
    gCallLostAt = llGetUnixTime() + CALL_LOST_S;
    if (job == JOB_REGISTER) {
        post(gCodeService, "register", "pair_" + llGetSubString(gCode, 0, 3), gCode);
    }
    else if (job == JOB_STANDING) post(gService, "standing", gBoxId, gSecret);
    else post(gService, "events", gBoxId, gSecret);
    if (gCall == NULL_KEY) throttled();
}

post(string service, string call, string who, string secret) {
    string path = PATH + call;
    string time = (string)boxTime();
    string nonce = (string)llGenerateKey();
    list options = [HTTP_METHOD, "POST", HTTP_MIMETYPE, "application/json"];
    options += [HTTP_ACCEPT, "application/json", HTTP_EXTENDED_ERROR, TRUE];
    options += [HTTP_BODY_MAXLENGTH, ANSWER_MOST_BYTES, HTTP_VERIFY_CERT, TRUE];
    options += [HTTP_VERBOSE_THROTTLE, FALSE];
    options += [HTTP_CUSTOM_HEADER, "X-Tier-Key", who, HTTP_CUSTOM_HEADER, "X-Tier-Time", time];
    options += [HTTP_CUSTOM_HEADER, "X-Tier-Nonce", nonce, HTTP_CUSTOM_HEADER, "X-Tier-Sig"];
    options += [callSignature(path, time, nonce, who, secret, gBody)];
    gCall = llHTTPRequest(service + path, options, gBody);
}

string bodyOf(integer job) {
    if (job == JOB_REGISTER) return registerBody();
    if (job == JOB_HELLO) return helloBody();
    if (job == JOB_STANDING) return standingBody();
    gSlot = oldestSlot();
    return kept(slotName(K_OUTBOX, gSlot));
}

string registerBody() {
    string body = "{\"v\":1" + textField("shard", shard()) + textField("region", llGetRegionName());
    return body + numberField("rezzed", gRezzed) + "}";
}

string helloBody() {
    gSaidUrl = gUrl;
    string body = "{\"v\":1,\"type\":\"hello\"" + numberField("at", boxTime());
    body += numberField("rezzed", gRezzed) + textField("version", KIND + " " + VERSION);
    if (gUrl != "") body += textField("url", gUrl);
    return body + numberField("outbox", unsettled()) + "}";
}

string standingBody() {
    string body = "{\"v\":1" + numberField("seen", gHeardAt);
    return body + numberField("outbox", unsettled()) + "}";
}

// Dead letters count as waiting: a payment that was refused must not help to make its tenant
// overdue before a person has seen to it.
integer unsettled() {
    return waiting() + gDead;
}

// As the simulator's header has it: no function tells a script.
string shard() {
    if (llSubStringIndex(llGetEnv("sim_channel"), "OpenSim") >= 0) return "OpenSim";
    if (llGetEnv("grid") == "aditi") return "Testing";
    return "Production";
}
