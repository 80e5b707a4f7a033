// Where a relay may be: a `money` handler in a child prim would draw the payments of that prim away
// from the provider's script, so there the relay switches itself off.

integer isInRoot() {
    return llGetLinkNumber() <= 1;
}

stepDown() {
    llOwnerSay("I only work in the root prim, and have switched myself off: move me there.");
    llSetScriptState(llGetScriptName(), FALSE);
}
