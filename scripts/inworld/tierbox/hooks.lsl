// What the protocol asks of a tierbox.

string B_TIME_LEFT = "Time left";
string B_OPEN = "Payments";

onBegin() {
    recallStanding();
    gShown = "";
    gPayPrice = "";
    showPayPrice();
    buryOpenReturns();
    if (isBound() && kept(K_RETURNS_WANTED) != "") askReturns();
}

onPaired() {
    recallStanding();
}

onChange() {
    showPayPrice();
    showSign();
}

onStanding(string answer) {
    takeStanding(answer);
}

list buttonsFor(key who) {
    if (who == llGetOwner()) return [B_TIME_LEFT, B_OPEN, B_RETURNS];
    return [B_TIME_LEFT, B_OPEN];
}

onButton(key who, string button) {
    if (button == B_TIME_LEFT) llRegionSayTo(who, PUBLIC_CHANNEL, signText());
    else if (button == B_OPEN) llRegionSayTo(who, PUBLIC_CHANNEL, openText());
    else if (button == B_RETURNS && who == llGetOwner()) askReturns();
}

string openText() {
    string obstacle = obstacleText();
    if (obstacle != "") return obstacle;
    return "Payments are taken: " + priceText() + ".";
}
