// HTTP-in: the service may say «poll now». The address is said in each hello, so only in a signed
// call. It is plain http: a hint holds no secret, and is signed in its body, since a script reads
// few headers:
//   {"v":1,"do":"poll","t":1767225605,"nonce":"<UUID>","sig":"SL1=…"}
// with the signature over six lines: SL1-HINT, poll, t, nonce, box id, object key.

askUrl() {
    if (gUrl != "") llReleaseURL(gUrl);
    gUrl = "";
    llRequestURL();
}

// Answers of the grid about the address come by the same event as the hints.
takeRequest(key request, string method, string body) {
    if (method == URL_REQUEST_GRANTED) urlGranted(body);
    else if (method != URL_REQUEST_DENIED) answerHint(request, method, body);
}

urlGranted(string url) {
    gUrl = url;
    gHello = TRUE;
    step();
}

answerHint(key request, string method, string body) {
    string fault = hintFault(method, body);
    if (fault != "") {
        llHTTPResponse(request, 403, fault);
        return;
    }
    llHTTPResponse(request, 200, "ok");
    gHintTime = numberOf(body, "t");
    gHintNonce = fieldOf(body, "nonce");
    gPollNow = TRUE;
    step();
}

string hintFault(string method, string body) {
    if (method != "POST" || fieldOf(body, "do") != "poll") return "malformed";
    integer time = numberOf(body, "t");
    string nonce = fieldOf(body, "nonce");
    list lines = ["SL1-HINT", "poll", time, nonce, gBoxId, (string)llGetKey()];
    if (!isSignedByService(lines, fieldOf(body, "sig"))) return "signature";
    if (llAbs(time - boxTime()) > HINT_SKEW_S) return "clock";
    if (time < gHintTime || nonce == gHintNonce) return "known";
    return "";
}

integer isSignedByService(list lines, string given) {
    if (gSecret == "") return FALSE;
    if (given == signatureOf(lines, gSecret)) return TRUE;
    return gOldSecret != "" && given == signatureOf(lines, gOldSecret);
}
