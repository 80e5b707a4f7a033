// What anybody may ask a box for: nothing that its floating text does not say.

string B_TIME_LEFT = "Time left";
string B_PAYMENTS = "Payments";

touched(key who) {
    list buttons = [B_TIME_LEFT, B_PAYMENTS];
    if (who == llGetOwner()) buttons += B_RETURNS;
    openMenu(who, buttons);
}

chose(key who, string button) {
    if (button == B_TIME_LEFT) llRegionSayTo(who, PUBLIC_CHANNEL, signText());
    else if (button == B_PAYMENTS) llRegionSayTo(who, PUBLIC_CHANNEL, paymentsText());
    else if (button == B_RETURNS && who == llGetOwner()) askReturns();
}

string paymentsText() {
    string obstacle = obstacleText();
    if (obstacle != "") return obstacle;
    return "Payments are taken: " + priceText() + ".";
}
