// The standing as the service told it last. It is kept, so that a box which starts while the
// service is down sells and shows what it knew.

string K_STANDING = "tb.standing";

integer gUntil;
string gStage;
integer gPending;
integer gGate;
integer gPrice;
integer gTerm;
integer gMinimum;
// What the service says to the tenant: first name, exact end in SLT, and why the rental is safe.
string gText;

takeStanding(string answer) {
    gUntil = numberOf(answer, "until");
    gStage = fieldOf(answer, "stage");
    gPending = numberOf(answer, "pending");
    gGate = numberOf(answer, "gate");
    gPrice = numberOf(answer, "price");
    gTerm = numberOf(answer, "term");
    gMinimum = numberOf(answer, "min");
    gText = fieldOf(answer, "text");
    list parts = [gBoxId, gUntil, gStage, gPending, gGate, gPrice, gTerm, gMinimum, gText];
    keep(K_STANDING, llDumpList2String(parts, "\n"));
}

// What was told to another box, before this one was paired, is nothing to this one.
recallStanding() {
    list parts = llParseStringKeepNulls(kept(K_STANDING), ["\n"], []);
    if (llList2String(parts, 0) != gBoxId) parts = [];
    gUntil = (integer)llList2String(parts, 1);
    gStage = llList2String(parts, 2);
    gPending = (integer)llList2String(parts, 3);
    gGate = (integer)llList2String(parts, 4);
    gPrice = (integer)llList2String(parts, 5);
    gTerm = (integer)llList2String(parts, 6);
    gMinimum = (integer)llList2String(parts, 7);
    gText = llList2String(parts, 8);
}
