// The floating text: who, until when, how long still, and why payments are paused or safe.

// The grid shows no more of a floating text.
integer SIGN_MOST_BYTES = 254;
vector SIGN_COLOUR = <1.0, 1.0, 1.0>;

string gShown;

showSign() {
    string text = cut(signText(), SIGN_MOST_BYTES);
    if (text == gShown) return;
    gShown = text;
    llSetText(text, SIGN_COLOUR, 1.0);
}

// What the original knew of its tenant is not for a copy to show, nor for one that is replaced.
string signText() {
    string obstacle = obstacleText();
    if (!isBound() || gTurnedAway == "rebind" || gStage == "") return obstacle;
    list lines = [timeText()];
    if (gStage != "safe") lines += verifiedText();
    if (obstacle != "") lines += obstacle;
    return llDumpList2String(lines + [gText], "\n");
}

// In the tenant's favour: time that is used up by our own clock is not overdue before the service
// says so, and not after it has, while a payment is on its way.
string timeText() {
    integer left = gUntil - boxTime();
    if (gStage == "vacant") return priceText();
    if (gStage == "safe") return safeText();
    if (gStage == "overdue" && !waiting()) return "Overdue";
    if (left > 0) return spanOf(left) + " left";
    if (gStage == "grace") return "In grace: please pay";
    return "Time used up: waiting for word of the service";
}

// Payments on their way to the service, and those that it has not credited yet.
list verifiedText() {
    integer count = gPending + waiting();
    if (!count) return [];
    return [moreOrLess(count, "payment") + " being verified"];
}

string safeText() {
    if (gPending + waiting()) return "Safe: payment being verified";
    return "Safe: your rental is protected";
}

// A term of 0 s is a calendar month: it has no fixed length.
string priceText() {
    string term = "month";
    if (gTerm == 604800) term = "week";
    else if (gTerm == 86400) term = "day";
    else if (gTerm) term = spanOf(gTerm);
    return "L$ " + (string)gPrice + " a " + term;
}

// At least as many as the text has in UTF-8, and two more at most.
integer bytesOf(string text) {
    return llStringLength(llStringToBase64(text)) / 4 * 3;
}

string cut(string text, integer mostBytes) {
    while (bytesOf(text) > mostBytes) text = llDeleteSubString(text, -4, -1);
    return text;
}
