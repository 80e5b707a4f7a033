// The provider's messages (CasperLet API 1.5): by link message, or on its channel.

integer PROVIDER_CHANNEL = 77777;
// REXTR|timeLeft|renter|locked|reservedFor|pricePerWeek|prims|overLimit|rezzedUnix
integer REXTR_FIELDS = 9;

// A key or a name; longer ones are cut, so that a body stays below 2,048 bytes.
integer RESERVED_CHARS = 63;

// A box that speaks the newer form says nothing more in the older one.
integer gIsExtended;

integer gProviderListen;

listenToProvider() {
    llListenRemove(gProviderListen);
    gProviderListen = llListen(PROVIDER_CHANNEL, "", NULL_KEY, "");
}

// The data may come as the text or as the key. RTIME, the older form, has the seconds left as the
// number and the renter as the key.
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

// Anybody may speak on a channel: only the prims of this very object, of this owner, count.
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

// Keys and names by turns; a name may hold a «#» of its own, so whatever is no key is passed over.
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
