// Where a script may be: the root prim. Elsewhere a tierbox could not hide its pay buttons, and the
// `money` handler of a relay would draw the payments of that prim away from the provider's script.

awake() {
    if (isInRoot()) begin();
    else stepDown();
}

integer isInRoot() {
    return llGetLinkNumber() <= 1;
}

stepDown() {
    llOwnerSay("I only work in the root prim, and have switched myself off: move me there.");
    llSetScriptState(llGetScriptName(), FALSE);
}
