string KIND = "relay";
string VERSION = "1.0.0";
string PASS = "tierbridge-box";
integer CALL_APART_S = 2;
integer CALLS_A_MINUTE = 10;
integer CALL_LOST_S = 75;
integer THROTTLED_S = 120;
integer FAULTS_A_MINUTE = 4;
integer MINUTE_S = 60;
list RETRY_S = [15, 30, 60, 120, 300, 900];
integer MOST_RESIGNED = 3;
integer START_WAIT_S = 3;
integer RESTART_SPREAD_S = 120;
integer POLL_S = 300;
integer POLL_MOST_S = 86400;
integer RETRY_MOST_S = 3600;
integer IDLE_S = 60;
integer ANSWER_MOST_BYTES = 4096;
integer NAME_MOST_CHARS = 255;
integer STOP_SELLING_EVENTS = 200;
integer STOP_SELLING_FREE_BYTES = 31072;
integer SPARE_CHARS = 2048;
integer HOLD_MOST = 20;
integer PAGE = 32;
integer HINT_SKEW_S = 300;
integer CODE_LASTS_S = 1800;
integer CODE_LEAST_CHARS = 17;
integer TELL_APART_S = 3600;
integer LISTEN_S = 120;
integer READ_MOST = 20;
string K_PAIR = "tb.pair";
string K_CODE = "tb.code";
string K_REZZED = "tb.rezzed";
string K_PACE = "tb.pace";
string K_TOLD = "tb.told";
string K_SPARE = "tb.spare";
string K_OUTBOX = "tb.o.";
string K_DEAD = "tb.d.";
string PATH = "/api/inworld/v1/";
integer JOB_NONE = 0;
integer JOB_REGISTER = 1;
integer JOB_HELLO = 2;
integer JOB_STANDING = 3;
integer JOB_EVENT = 4;
string OTHER_BOX = "other-box";
list REFUSED_CODES = ["malformed", "conflict", "too-large", "refused", "unknown", "method"];
list HALT_CODES = ["signature", "rebind", "retired", "shard"];
string gService;
string gBoxId;
string gSecret;
string gOldSecret;
string gBoundObject;
string gBoundOwner;
string gTurnedAway;
integer gClockOffset;
string gCode;
string gCodeService;
integer gCodeUntil;
integer gRezzed;
integer gFirst;
integer gNext;
integer gWaiting;
integer gDead;
list gHeld;
key gCall = NULL_KEY;
integer gCallLostAt;
integer gJob;
integer gSlot;
string gBody;
string gSaidUrl;
integer gNotBefore;
integer gQuietUntil;
integer gFailures;
integer gResigned;
list gCallTimes;
list gFaultTimes;
integer gHello;
integer gPollNow;
integer gNextPoll;
integer gPollEvery;
integer gHeardAt;
string gHalted;
string gUrl;
integer gHintTime;
string gHintNonce;
string gTell;
string gLost;
integer gToldAt;
integer gChannel;
list gListens;
integer gListenEnd;
string replaced(string text, string what, string with) {
    return llDumpList2String(llParseStringKeepNulls(text, [what], []), with);
}

string quoted(string text) {
    text = replaced(text, "\\", "\\\\");
    text = replaced(text, "\"", "\\\"");
    integer code;
    for (code = 1; code < 32; ++code) {
        text = replaced(text, llChar(code), "\\u00" + hexByte(code));
    }
    return "\"" + text + "\"";
}

string hexByte(integer byte) {
    string digits = "0123456789abcdef";
    integer high = byte / 16;
    integer low = byte % 16;
    return llGetSubString(digits, high, high) + llGetSubString(digits, low, low);
}

string textField(string name, string value) {
    return ",\"" + name + "\":" + quoted(value);
}

string numberField(string name, integer value) {
    return ",\"" + name + "\":" + (string)value;
}

string fieldOf(string json, string name) {
    string value = llJsonGetValue(json, [name]);
    if (value == JSON_INVALID) return "";
    return value;
}

integer numberOf(string json, string name) {
    return (integer)llJsonGetValue(json, [name]);
}

string moreOrLess(integer count, string one) {
    if (count == 1) return "1 " + one;
    return (string)count + " " + one + "s";
}

string spanOf(integer seconds) {
    integer minutes = seconds / 60;
    integer hours = minutes / 60;
    integer days = hours / 24;
    if (days) return (string)days + " d " + (string)(hours % 24) + " h";
    if (hours) return (string)hours + " h " + (string)(minutes % 60) + " min";
    if (minutes) return (string)minutes + " min";
    return "less than a minute";
}

integer keep(string name, string value) {
    integer result = llLinksetDataWriteProtected(name, value, PASS);
    return result == LINKSETDATA_OK || result == LINKSETDATA_NOUPDATE;
}

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

recallCode() {
    list parts = llParseStringKeepNulls(kept(K_CODE), ["\n"], []);
    gCodeService = llList2String(parts, 0);
    gCode = llList2String(parts, 1);
    gCodeUntil = llGetUnixTime() + CODE_LASTS_S;
}

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

keepSpare() {
    if (llLinksetDataAvailable() < STOP_SELLING_FREE_BYTES) return;
    string spare = ".";
    while (llStringLength(spare) < SPARE_CHARS) spare += spare;
    keep(K_SPARE, spare);
}

string slotName(string prefix, integer slot) {
    return prefix + llGetSubString("0000000" + (string)slot, -8, -1);
}

string paymentBody(string id, key payer, integer amount) {
    string body = "{\"v\":1,\"type\":\"payment\"" + textField("id", id);
    body += textField("payer", (string)payer) + textField("name", nameOf(payer));
    return body + numberField("amount", amount) + numberField("at", boxTime()) + "}";
}

string nameOf(key agent) {
    string name = llGetDisplayName(agent);
    if (name == "" || name == "???") name = llKey2Name(agent);
    if (llStringLength(name) > NAME_MOST_CHARS) return "";
    return name;
}

putPayment(string body) {
    if (putEvent(body)) return;
    if (llGetListLength(gHeld) < HOLD_MOST) gHeld += body;
    else gLost += "\nNOT KEPT, for there is no room at all: " + summaryOf(body);
}

putHeld() {
    while (gHeld != []) {
        if (!putEvent(llList2String(gHeld, 0))) return;
        gHeld = llDeleteSubList(gHeld, 0, 0);
    }
}

integer putEvent(string body) {
    if (!keepAtLast(slotName(K_OUTBOX, gNext), body)) return FALSE;
    ++gNext;
    ++gWaiting;
    return TRUE;
}

integer waiting() {
    return gWaiting + llGetListLength(gHeld);
}

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

integer bury(integer slot, string code) {
    string body = kept(slotName(K_OUTBOX, slot));
    if (!keepAtLast(slotName(K_DEAD, slot), code + "\n" + body)) return FALSE;
    dropEvent(slot);
    ++gDead;
    return TRUE;
}

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

integer earlierOf(integer a, integer b) {
    if (a < b) return a;
    return b;
}

integer laterOf(integer a, integer b) {
    if (a > b) return a;
    return b;
}

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

list withTime(list times, integer most) {
    times += llGetUnixTime();
    if (llGetListLength(times) > most) return llDeleteSubList(times, 0, 0);
    return times;
}

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

integer boxTime() {
    return llGetUnixTime() + gClockOffset;
}

string signatureOf(list lines, string secret) {
    return "SL1=" + llHMAC(secret, llDumpList2String(lines, "\n"), "sha256");
}

string callSignature(string path, string time, string nonce, string who, string secret, string body)
{
    list lines = ["SL1", "POST", path, time, nonce, who, (string)llGetKey(), (string)llGetOwner()];
    return signatureOf(lines + [llToLower(llSHA256String(body))], secret);
}

integer nextJob() {
    if (gCode != "") return JOB_REGISTER;
    if (gSecret == "") return JOB_NONE;
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

integer unsettled() {
    return waiting() + gDead;
}

string shard() {
    if (llSubStringIndex(llGetEnv("sim_channel"), "OpenSim") >= 0) return "OpenSim";
    if (llGetEnv("grid") == "aditi") return "Testing";
    return "Production";
}

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

pollLater(integer seconds) {
    if (seconds < 1) seconds = POLL_S;
    seconds = earlierOf(seconds, POLL_MOST_S);
    gPollEvery = seconds;
    gNextPoll = llGetUnixTime() + seconds - seconds / 10 + (integer)llFrand(seconds / 5 + 1.0);
}

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
    if (gJob == JOB_EVENT && code == "retired") bury(gSlot, code);
    gHalted = code;
    gTurnedAway = code;
    keepPair();
    tellOwner("Stopped (" + code + "): nothing is lost. Touch me, and pair me or try again.");
}

fallBack() {
    gSecret = gOldSecret;
    gOldSecret = "";
    keepPair();
}

pairingWritten(string text) {
    if (text == "") return;
    list words = llParseString2List(text, [" ", "\n"], []);
    string address = gService;
    string code;
    integer i = llGetListLength(words);
    while (i--) {
        string word = llList2String(words, i);
        if (llSubStringIndex(word, "://") > 0) address = withoutSlash(word);
        else code = word;
    }
    string fault = pairingFault(address, code);
    if (fault == "") startPairing(address, code);
    else llOwnerSay("Not paired: " + fault);
}

string withoutSlash(string address) {
    if (llGetSubString(address, -1, -1) == "/") return llDeleteSubString(address, -1, -1);
    return address;
}

string pairingFault(string address, string code) {
    integer isSecure = llSubStringIndex(address, "https://") == 0;
    if (!isSecure && llSubStringIndex(address, "http://") != 0) {
        return "write the service's address before the code, such as https://tierbridge.example";
    }
    string host = llDeleteSubString(address, 0, llSubStringIndex(address, "://") + 2);
    if (llSubStringIndex(host, "/") >= 0) return "the address must have no path.";
    integer isCode = llGetSubString(code, 4, 4) == "-" && llStringLength(code) >= CODE_LEAST_CHARS;
    if (!isCode) return "a pairing code looks like K7QX-3MPD9A2RTW6H.";
    return "";
}

startPairing(string address, string code) {
    if (llSubStringIndex(address, "https://") != 0) {
        llOwnerSay("Warning: without https:// others can read this box's secret on the way.");
    }
    keep(K_CODE, address + "\n" + code);
    recallCode();
    gNotBefore = 0;
    gFailures = 0;
    llOwnerSay("Pairing with " + address + " …");
    step();
}

giveUpPairing() {
    integer isLate = gCode != "" && llGetUnixTime() >= gCodeUntil;
    if (isLate && gCall == NULL_KEY) pairingFailed("no answer");
}

paired(string body) {
    string box = fieldOf(body, "box");
    if (gBoxId != "" && gBoxId != box) buryAll();
    gBoxId = box;
    gService = gCodeService;
    gSecret = fieldOf(body, "secret");
    gOldSecret = "";
    gTurnedAway = "";
    gHalted = "";
    bind();
    keepPair();
    forgetCode();
    gHello = TRUE;
    gPollNow = TRUE;
    onPaired();
    llOwnerSay("Paired as " + gBoxId + ".");
}

pairingFailed(string code) {
    forgetCode();
    llOwnerSay("Not paired (" + code + "): " + pairingHelp(code));
}

string pairingHelp(string code) {
    if (code == "signature") return "the code is wrong, used or older than 30 minutes.";
    if (code == "shard") return "the service works for another grid than " + shard() + ".";
    return "ask whoever runs the service.";
}

forgetCode() {
    gCode = "";
    forget(K_CODE);
}

askUrl() {
    if (gUrl != "") llReleaseURL(gUrl);
    gUrl = "";
    llRequestURL();
}

takeRequest(key request, string method, string body) {
    if (method == URL_REQUEST_GRANTED) urlGranted(body);
    else if (method != URL_REQUEST_DENIED) answerHint(request, method, body);
}

urlGranted(string url) {
    gUrl = url;
    gHello = TRUE;
    step();
}

answerHint(key request, string method, string body) {
    string fault = hintFault(method, body);
    if (fault != "") {
        llHTTPResponse(request, 403, fault);
        return;
    }
    llHTTPResponse(request, 200, "ok");
    gHintTime = numberOf(body, "t");
    gHintNonce = fieldOf(body, "nonce");
    gPollNow = TRUE;
    step();
}

string hintFault(string method, string body) {
    if (method != "POST" || fieldOf(body, "do") != "poll") return "malformed";
    integer time = numberOf(body, "t");
    string nonce = fieldOf(body, "nonce");
    list lines = ["SL1-HINT", "poll", time, nonce, gBoxId, (string)llGetKey()];
    if (!isSignedByService(lines, fieldOf(body, "sig"))) return "signature";
    if (llAbs(time - boxTime()) > HINT_SKEW_S) return "clock";
    if (time < gHintTime || nonce == gHintNonce) return "known";
    return "";
}

integer isSignedByService(list lines, string given) {
    if (gSecret == "") return FALSE;
    if (given == signatureOf(lines, gSecret)) return TRUE;
    return gOldSecret != "" && given == signatureOf(lines, gOldSecret);
}

tellOwner(string text) {
    gTell = text;
}

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

list slotNames(string prefix, integer most) {
    return llListSort(llLinksetDataFindKeys("^" + prefix, 0, most), 1, TRUE);
}

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

string B_PAIR = "Pair";
string B_STATUS = "Status";
string B_OUTBOX = "Outbox";
string B_DEAD = "Dead letters";
string B_RETRY = "Try again";
string B_RESET = "Reset";
string B_RESEND = "Send again";
string B_DELETE = "Delete";
string B_CLOSE = "Close";
openMenu(key who, list buttons) {
    if (who == llGetOwner()) {
        buttons += [B_PAIR, B_STATUS, B_OUTBOX, B_DEAD, B_RETRY, B_RESET];
    }
    hear();
    llDialog(who, menuTitle(), buttons + [B_CLOSE], gChannel);
}

string menuTitle() {
    return "Rent box " + gBoxId + "\nWhat would you like?";
}

hear() {
    gListenEnd = llGetUnixTime() + LISTEN_S;
    if (gListens != []) return;
    gChannel = -1000000 - (integer)llFrand(1000000000.0);
    gListens = [llListen(gChannel, "", NULL_KEY, "")];
    gListens += llListen(gChannel - 1, "", llGetOwner(), "");
}

stopHearing() {
    integer i = llGetListLength(gListens);
    while (i--) llListenRemove(llList2Integer(gListens, i));
    gListens = [];
    gListenEnd = 0;
}

takeChoice(integer channel, key who, string text) {
    if (gListens == []) return;
    integer isOwner = who == llGetOwner();
    if (channel == gChannel - 1 && isOwner) pairingWritten(llStringTrim(text, STRING_TRIM));
    if (channel == gChannel && isOwner) ownerChose(text);
}

ownerChose(string button) {
    if (button == B_PAIR) askPairing();
    else if (button == B_STATUS) llOwnerSay(statusText());
    else if (button == B_OUTBOX) readSlots(K_OUTBOX);
    else if (button == B_DEAD) openDeadLetters();
    else if (button == B_RETRY) tryAgain();
    else if (button == B_RESET) resetScript();
    else if (button == B_RESEND) resendDead();
    else if (button == B_DELETE) deleteDead();
}

resetScript() {
    if (gHeld == []) llResetScript();
    llOwnerSay("Not now: make room in the object first, for I hold payments beside it.");
}

askPairing() {
    hear();
    string text = "Write the service's address and the pairing code, for example:\n";
    text += "https://tierbridge.example K7QX-3MPD9A2RTW6H";
    if (gService != "") text += "\nWithout an address: " + gService;
    llTextBox(llGetOwner(), text, gChannel - 1);
}

openDeadLetters() {
    readSlots(K_DEAD);
    if (!gDead) return;
    hear();
    string text = "Refused for good: see the chat. Send them again once the cause is mended, or";
    text += " delete them once each was settled by hand.";
    llDialog(llGetOwner(), text, [B_RESEND, B_DELETE, B_CLOSE], gChannel);
}

resendDead() {
    list names = slotNames(K_DEAD, READ_MOST);
    integer i;
    for (i = 0; i < llGetListLength(names); ++i) resend(llList2String(names, i));
    step();
}

resend(string name) {
    string value = kept(name);
    if (llSubStringIndex(value, OTHER_BOX) == 0) return;
    if (putEvent(llDeleteSubString(value, 0, llSubStringIndex(value, "\n")))) dropDead(name);
}

deleteDead() {
    list names = slotNames(K_DEAD, READ_MOST);
    integer i = llGetListLength(names);
    while (i--) dropDead(llList2String(names, i));
    llOwnerSay("Deleted what was read. Left: " + moreOrLess(gDead, "dead letter") + ".");
    onChange();
}

dropDead(string name) {
    forget(name);
    --gDead;
}

tryAgain() {
    gHalted = "";
    gNotBefore = 0;
    gFailures = 0;
    gHello = TRUE;
    step();
}

awake() {
    if (isInRoot()) begin();
    else stepDown();
}

integer isInRoot() {
    return llGetLinkNumber() <= 1;
}

stepDown() {
    llOwnerSay("I only work in the root prim, and have switched myself off: move me there.");
    llSetScriptState(llGetScriptName(), FALSE);
}

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

greet() {
    gHello = TRUE;
    askUrl();
    step();
}

recallRezzed() {
    gRezzed = (integer)kept(K_REZZED);
    if (!gRezzed) noteRez();
}

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

step() {
    integer now = llGetUnixTime();
    integer wake = now + IDLE_S;
    if (gNextPoll > now) wake = earlierOf(wake, gNextPoll);
    if (gListenEnd) wake = earlierOf(wake, gListenEnd);
    if (gCall == NULL_KEY) wake = earlierOf(wake, stepCall(now));
    if (gCall != NULL_KEY) wake = earlierOf(wake, gCallLostAt);
    llSetTimerEvent((float)laterOf(1, wake - now));
}

integer stepCall(integer now) {
    integer job = nextJob();
    if (job == JOB_NONE) return now + IDLE_S;
    integer at = earliestCall();
    if (at > now) return at;
    startCall(job);
    return earliestCall();
}

string K_SNAPSHOT = "tb.snapshot";
integer JUMP_S = 60;
integer SNAPSHOT_APART_S = 300;
integer MOST_TENANTS = 40;
string gTenants;
integer gSnapshotSlot;
integer gSnapshotSaidAt;
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

string snapshotBody(integer at, integer left, string renter, string details) {
    string body = "{\"v\":1,\"type\":\"snapshot\"" + numberField("at", at);
    body += numberField("left", left) + textField("renter", renter) + details;
    if (gTenants != "") body += textField("tenants", gTenants);
    return body + "}";
}

integer isJump(string before, string after) {
    if (before == "") return FALSE;
    if (fieldOf(before, "renter") != fieldOf(after, "renter")) return TRUE;
    if (fieldOf(after, "renter") == (string)NULL_KEY) return FALSE;
    integer passed = numberOf(after, "at") - numberOf(before, "at");
    integer expected = numberOf(before, "left") - passed;
    return llAbs(numberOf(after, "left") - expected) > JUMP_S;
}

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

string withoutTimes(string body) {
    return llDeleteSubString(body, 0, llSubStringIndex(body, "\"renter\""));
}

tellLatest(string body) {
    gSnapshotSaidAt = boxTime();
    if (replaceEvent(gSnapshotSlot, body)) return;
    gSnapshotSlot = gNext;
    putEvent(body);
}

integer replaceEvent(integer slot, string body) {
    integer isOnItsWay = gCall != NULL_KEY && gJob == JOB_EVENT && gSlot == slot;
    string name = slotName(K_OUTBOX, slot);
    if (isOnItsWay || kept(name) == "") return FALSE;
    return keep(name, body);
}

integer PROVIDER_CHANNEL = 77777;
integer REXTR_FIELDS = 9;
integer RESERVED_CHARS = 63;
integer gIsExtended;
integer gProviderListen;
listenToProvider() {
    llListenRemove(gProviderListen);
    gProviderListen = llListen(PROVIDER_CHANNEL, "", NULL_KEY, "");
}

takeLinkMessage(integer number, string text, key id) {
    if (text == "RTIME") takeRenterTime(number, (string)id);
    else if (isMessage(text)) takeMessage(text);
    else if (isMessage((string)id)) takeMessage((string)id);
}

integer isMessage(string text) {
    return llSubStringIndex(text, "REXTR|") == 0 || llSubStringIndex(text, "ADDTNTS@") == 0;
}

takeBroadcast(key speaker, string text) {
    if (isOfThisBox(speaker)) takeMessage(text);
}

integer isOfThisBox(key speaker) {
    if (llGetOwnerKey(speaker) != llGetOwner()) return FALSE;
    return llList2Key(llGetObjectDetails(speaker, [OBJECT_ROOT]), 0) == llGetKey();
}

takeMessage(string text) {
    if (llSubStringIndex(text, "REXTR|") == 0) takeExtendedTime(text);
    else if (llSubStringIndex(text, "ADDTNTS@") == 0) takeTenants(text);
}

takeRenterTime(integer left, string renter) {
    if (isUuid(renter) && !gIsExtended) takeWord(left, renter, "");
}

takeExtendedTime(string text) {
    list fields = llParseStringKeepNulls(text, ["|"], []);
    if (llGetListLength(fields) < REXTR_FIELDS) return;
    string left = llList2String(fields, 1);
    string renter = llList2String(fields, 2);
    if (!isInteger(left) || !isUuid(renter)) return;
    gIsExtended = TRUE;
    takeWord((integer)left, renter, detailsOf(fields));
}

string detailsOf(list fields) {
    string details = numberField("locked", (integer)llList2String(fields, 3) != 0);
    string reserved = llGetSubString(llList2String(fields, 4), 0, RESERVED_CHARS - 1);
    details += textField("reserved", reserved);
    details += numberField("price", (integer)llList2String(fields, 5));
    details += numberField("prims", (integer)llList2String(fields, 6));
    details += numberField("over", (integer)llList2String(fields, 7) != 0);
    return details + numberField("rezzed", laterOf(0, (integer)llList2String(fields, 8)));
}

takeTenants(string text) {
    list parts = llParseString2List(llDeleteSubString(text, 0, 7), ["#"], []);
    list keys;
    integer i;
    for (i = 0; i < llGetListLength(parts); ++i) {
        string part = llList2String(parts, i);
        if (isUuid(part) && llGetListLength(keys) < MOST_TENANTS) keys += part;
    }
    gTenants = llDumpList2String(keys, ",");
}

integer isInteger(string text) {
    return (string)((integer)text) == text;
}

integer isUuid(string text) {
    if (llStringLength(text) != 36) return FALSE;
    if ((key)text) return TRUE;
    return text == (string)NULL_KEY;
}

integer REF_WAIT_S = 60;
string REF_MARK = "transactionID is:";
integer REF_MOST_CHARS = 64;
list gNameless;
integer gChatListen;
takePayment(key payer, integer amount) {
    string body = paymentBody((string)llGenerateKey(), payer, amount);
    integer slot = gNext;
    putPayment(body);
    if (slot < gNext) waitForRef(body, slot);
    step();
}

waitForRef(string body, integer slot) {
    forgetLate();
    gNameless += [body, llGetUnixTime() + REF_WAIT_S, slot];
    if (!gChatListen) gChatListen = llListen(PUBLIC_CHANNEL, "", NULL_KEY, "");
}

forgetLate() {
    integer now = llGetUnixTime();
    while (gNameless != [] && llList2Integer(gNameless, 1) <= now) {
        gNameless = llDeleteSubList(gNameless, 0, 2);
    }
    if (gNameless != [] || !gChatListen) return;
    llListenRemove(gChatListen);
    gChatListen = 0;
}

takeChat(key speaker, string text) {
    integer at = llSubStringIndex(text, REF_MARK);
    if (at < 0 || !isOfThisBox(speaker)) return;
    forgetLate();
    string ref = refIn(llDeleteSubString(text, 0, at + llStringLength(REF_MARK) - 1));
    if (llGetListLength(gNameless) == 3 && ref != "") addRef(ref);
}

string refIn(string text) {
    list words = llParseString2List(text, [" ", "\n", ",", "<", "["], []);
    string ref = llList2String(words, 0);
    if (llStringLength(ref) > REF_MOST_CHARS) return "";
    return ref;
}

addRef(string ref) {
    string body = llDeleteSubString(llList2String(gNameless, 0), -1, -1);
    body += textField("ref", ref) + "}";
    if (!replaceEvent(llList2Integer(gNameless, 2), body)) putEvent(body);
    gNameless = [];
    step();
}

integer gGate = TRUE;
onBegin() {
    listenToProvider();
    gNameless = [];
}

onPaired() {
    forget(K_SNAPSHOT);
    gSnapshotSaidAt = 0;
    gTenants = "";
}

onChange() {
    forgetLate();
}

onStanding(string answer) {
    integer gate = numberOf(answer, "gate");
    if (gGate && !gate) {
        tellOwner("Payments are paused by the estate, but the provider's box goes on taking them.");
    }
    gGate = gate;
}

touched(key who) {
    if (who == llGetOwner()) openMenu(who, []);
}

default {
    state_entry() {
        awake();
    }
    on_rez(integer parameter) {
        noteRez();
        awake();
    }
    changed(integer change) {
        worldChanged(change);
    }
    money(key payer, integer amount) {
        if (amount > 0) takePayment(payer, amount);
    }
    link_message(integer sender, integer number, string text, key id) {
        takeLinkMessage(number, text, id);
    }
    touch_start(integer count) {
        while (count--) touched(llDetectedKey(count));
    }
    listen(integer channel, string name, key who, string text) {
        if (channel == PROVIDER_CHANNEL) takeBroadcast(who, text);
        else if (channel == PUBLIC_CHANNEL) takeChat(who, text);
        else takeChoice(channel, who, text);
    }
    http_response(key request, integer status, list metadata, string body) {
        answered(request, status, body);
    }
    http_request(key request, string method, string body) {
        takeRequest(request, method, body);
    }
    timer() {
        tick();
    }
}
