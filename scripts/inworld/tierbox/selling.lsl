// Taking payments: when the box sells, the pay buttons, and the payment itself.

// The largest price that four times over is still a number of the grid (2,147,483,647).
integer PRICE_TO_MULTIPLY = 536870911;

string gPayPrice;

// Why the box takes no payments; "" = it does.
string obstacleText() {
    if (gCode != "" && gSecret == "") return "Pairing …";
    if (gSecret == "") return "Not paired yet.\nOwner: touch me.";
    if (gTurnedAway != "") return "No payments here: " + gTurnedAway + ".\nOwner: touch me.";
    if (!isBound()) return "No payments here: copied, moved or sold.\nOwner: touch me.";
    if (gStage == "") return "Starting …";
    if (!gGate) return "Payments are paused by the estate.";
    if (!hasRoom()) return "Payments are paused: too many wait to be sent.";
    if (gPrice < 1) return "Payments are paused: there is no price.";
    return "";
}

// Set anew only where it changes.
showPayPrice() {
    list prices = [PAY_HIDE, PAY_HIDE, PAY_HIDE, PAY_HIDE, PAY_HIDE];
    if (obstacleText() == "") prices = openPrices();
    string shown = llDumpList2String(prices, ",");
    if (shown == gPayPrice) return;
    gPayPrice = shown;
    llSetPayPrice(llList2Integer(prices, 0), llDeleteSubList(prices, 0, 0));
}

// The field, then the four buttons: one to four terms, or as often the least that is taken.
list openPrices() {
    integer price = laterOf(gPrice, gMinimum);
    if (price > PRICE_TO_MULTIPLY) return [price, price, PAY_HIDE, PAY_HIDE, PAY_HIDE];
    return [price, price, 2 * price, 3 * price, 4 * price];
}

// The event id is minted and kept before anything is said or sent.
takePayment(key payer, integer amount) {
    string id = (string)llGenerateKey();
    putPayment(paymentBody(id, payer, amount));
    if (isToBeReturned(amount)) startReturn(id, payer, amount);
    else llRegionSayTo(payer, PUBLIC_CHANNEL, "Thank you for L$ " + (string)amount + ".");
    if (!hasRoom()) tellOwner("No more payments: too many wait to be sent. Nothing is lost.");
    onChange();
    step();
}

// Below the least amount, or with nobody behind the box whom the service knows.
integer isToBeReturned(integer amount) {
    return amount < gMinimum || !isInService();
}
