// Becoming a box: the owner writes the service's address and a pairing code into a text box, and
// the service gives the box its id and its secret.

// «https://tierbridge.example K7QX-3MPD9A2RTW6H»; the address may be left out the next time.
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
    // The path of a call is signed, so the service cannot lie below one of its own.
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
    // Kept, for the answer may be lost: the same object may ask again with the same code.
    keep(K_CODE, address + "\n" + code);
    recallCode();
    gNotBefore = 0;
    gFailures = 0;
    llOwnerSay("Pairing with " + address + " …");
    step();
}

// Whoever went away after a slip of the pen must not keep a paired box from its work.
giveUpPairing() {
    integer isLate = gCode != "" && llGetUnixTime() >= gCodeUntil;
    if (isLate && gCall == NULL_KEY) pairingFailed("no answer");
}

// Events of an earlier pairing with another box would be credited to the wrong rental.
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
