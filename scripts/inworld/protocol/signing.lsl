// What a call is signed with, and the clock that it is signed by.

// Unix seconds as the service counts them, as far as it has told us.
integer boxTime() {
    return llGetUnixTime() + gClockOffset;
}

string signatureOf(list lines, string secret) {
    return "SL1=" + llHMAC(secret, llDumpList2String(lines, "\n"), "sha256");
}

// Nine lines; `who` is the box id, or pair_XXXX while it is being paired.
string callSignature(string path, string time, string nonce, string who, string secret, string body)
{
    list lines = ["SL1", "POST", path, time, nonce, who, (string)llGetKey(), (string)llGetOwner()];
    return signatureOf(lines + [llToLower(llSHA256String(body))], secret);
}
