// What a tierbox and a relay have in common: speaking to the service, and losing nothing meanwhile.
//
// `npm run build:inworld` puts this, and what it includes, into each script in place of the line
// that includes it. Such a script passes on its events (awake, noteRez, worldChanged, openMenu,
// takeChoice, answered, takeRequest, tick), and supplies what only it can know:
//
//   string KIND                  what it calls itself in its hello
//   onBegin()                    memory has been read; nothing was sent yet
//   onPaired()                   this object is a box now, perhaps another one than before
//   onChange()                   something that people or the pay price can see may have changed
//   onStanding(string answer)    the service told the standing

#include "protocol/limits.lsl"
#include "protocol/state.lsl"
#include "protocol/text.lsl"
#include "protocol/memory.lsl"
#include "protocol/outbox.lsl"
#include "protocol/pace.lsl"
#include "protocol/signing.lsl"
#include "protocol/calls.lsl"
#include "protocol/answers.lsl"
#include "protocol/pairing.lsl"
#include "protocol/hints.lsl"
#include "protocol/owner.lsl"
#include "protocol/menu.lsl"
#include "protocol/place.lsl"
#include "protocol/life.lsl"
