// Texts: quoting for JSON, and what people read. The grid's own JSON writer trims strings and takes
// some for raw JSON ([x], true, numbers), so every text is quoted here.

string replaced(string text, string what, string with) {
    return llDumpList2String(llParseStringKeepNulls(text, [what], []), with);
}

string quoted(string text) {
    text = replaced(text, "\\", "\\\\");
    text = replaced(text, "\"", "\\\"");
    integer code;
    for (code = 1; code < 32; ++code) {
        text = replaced(text, llChar(code), "\\u00" + hexByte(code));
    }
    return "\"" + text + "\"";
}

string hexByte(integer byte) {
    string digits = "0123456789abcdef";
    integer high = byte / 16;
    integer low = byte % 16;
    return llGetSubString(digits, high, high) + llGetSubString(digits, low, low);
}

string textField(string name, string value) {
    return ",\"" + name + "\":" + quoted(value);
}

string numberField(string name, integer value) {
    return ",\"" + name + "\":" + (string)value;
}

// "" for a field that is missing.
string fieldOf(string json, string name) {
    string value = llJsonGetValue(json, [name]);
    if (value == JSON_INVALID) return "";
    return value;
}

integer numberOf(string json, string name) {
    return (integer)llJsonGetValue(json, [name]);
}

string moreOrLess(integer count, string one) {
    if (count == 1) return "1 " + one;
    return (string)count + " " + one + "s";
}

// The two largest units, rounded down.
string spanOf(integer seconds) {
    integer minutes = seconds / 60;
    integer hours = minutes / 60;
    integer days = hours / 24;
    if (days) return (string)days + " d " + (string)(hours % 24) + " h";
    if (hours) return (string)hours + " h " + (string)(minutes % 60) + " min";
    if (minutes) return (string)minutes + " min";
    return "less than a minute";
}
