// What a running script holds. All that must outlive it lies in the linkset data as well.

// Who we are: as paired.
string gService;
string gBoxId;
string gSecret;
// The secret before, until the newer one has been accepted.
string gOldSecret;
// The object and the owner that the service knows; another object is a copy, or was re-rezzed.
string gBoundObject;
string gBoundOwner;
// The code with which the service turned us away last; "" = it takes us. Nothing is sold until it
// has taken us again, whatever resets come before.
string gTurnedAway;
// The service's clock less ours, in seconds.
integer gClockOffset;
// The pairing code that is being tried; "" = none.
string gCode;
string gCodeService;
integer gCodeUntil;
integer gRezzed;

// The outbox: slots from gFirst up to, and without, gNext; some may be empty.
integer gFirst;
integer gNext;
integer gWaiting;
integer gDead;
// Payments for which there was no room at all: only the script holds them, until there is.
list gHeld;

// The call under way: NULL_KEY = none.
key gCall = NULL_KEY;
integer gCallLostAt;
integer gJob;
integer gSlot;
string gBody;
string gSaidUrl;

// When calls may be made, by our own clock.
integer gNotBefore;
// The grid itself has told us to be silent until then.
integer gQuietUntil;
integer gFailures;
integer gResigned;
list gCallTimes;
list gFaultTimes;

// What is to be said.
integer gHello;
integer gPollNow;
integer gNextPoll;
integer gPollEvery;
integer gHeardAt;
// The code that made us stop calling; "" = we go on. A start or the owner ends it.
string gHalted;

// HTTP-in.
string gUrl;
// Of the last hint that was taken: an older one, or the same again, is none.
integer gHintTime;
string gHintNonce;

// The owner.
string gTell;
// Payments that nothing holds: only the owner's chat will.
string gLost;
integer gToldAt;
integer gChannel;
list gListens;
integer gListenEnd;
