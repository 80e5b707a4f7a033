// Payments that the relay sees, and the provider's transaction id where the box says it in hearing.

// The provider's box tells the payer within seconds; later words belong to nobody.
integer REF_WAIT_S = 60;
string REF_MARK = "transactionID is:";
// Letters and signs that an id may have.
integer REF_MOST_CHARS = 64;

// Payments without an id: for each its event, the time until which one may be heard, its slot.
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

// With two payments waiting nobody knows whose it is: then it is nobody's.
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

// An id may be added once to what was said before: the same event is said again, with it.
addRef(string ref) {
    string body = llDeleteSubString(llList2String(gNameless, 0), -1, -1);
    body += textField("ref", ref) + "}";
    if (!replaceEvent(llList2Integer(gNameless, 2), body)) putEvent(body);
    gNameless = [];
    step();
}
