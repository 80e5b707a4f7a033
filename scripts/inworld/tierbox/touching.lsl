// What anybody may ask a box for: nothing that its floating text does not say.

string B_TIME_LEFT = "Time left";

// The owner's own buttons hold the status as well, and tell more of it.
touched(key who) {
    if (who == llGetOwner()) openMenu(who, [B_TIME_LEFT, B_RETURNS]);
    else openMenu(who, [B_TIME_LEFT, B_STATUS]);
}

chose(key who, string button) {
    if (button == B_TIME_LEFT) llRegionSayTo(who, PUBLIC_CHANNEL, signText());
    else if (button == B_STATUS) llRegionSayTo(who, PUBLIC_CHANNEL, paymentsText());
    else if (button == B_RETURNS && who == llGetOwner()) askReturns();
}

string paymentsText() {
    string obstacle = obstacleText();
    if (obstacle != "") return obstacle;
    return "Payments are taken: " + priceText() + ".";
}
