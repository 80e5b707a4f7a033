// What the protocol asks of a tierbox.

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
