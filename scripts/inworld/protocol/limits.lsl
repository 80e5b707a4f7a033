// Named numbers and names, each with its unit and where the limit comes from. None ever changes.

string VERSION = "1.0.0";

// Whoever reads the object's linkset data must know this. Change it before you paste the script
// where scripts of other makers sit in the same object; the same word in a newer version of it.
string PASS = "tierbridge-box";

// How fast a box calls (rule of the service; the grid itself allows 25 calls in 20 s an object).
integer CALL_APART_S = 2;
integer CALLS_A_MINUTE = 10;
// The grid gives an exchange 60 s; after this no answer comes any more.
integer CALL_LOST_S = 75;
// The grid is silent for so long after it has refused a call.
integer THROTTLED_S = 120;
// Five 5xx within a minute stop the script's calls for good: we stop at four.
integer FAULTS_A_MINUTE = 4;
integer MINUTE_S = 60;
// After the first, second … failure in a row, each 20 % more or less; the last for all others.
list RETRY_S = [15, 30, 60, 120, 300, 900];
// Told to sign again more often than this in a row, it is taken for a failure.
integer MOST_RESIGNED = 3;
// After a start: time for the address to be given, and for the call before a reset to have gone.
integer START_WAIT_S = 3;
// All boxes of a region start at once: they spread their first calls over this.
integer RESTART_SPREAD_S = 120;

// A box polls once in 5 minutes where the service does not say otherwise.
integer POLL_S = 300;
// Whatever the service says: a box is heard once a day, and tries again once an hour.
integer POLL_MOST_S = 86400;
integer RETRY_MOST_S = 3600;
// The timer runs at least so often, for what is shown and what the owner is told.
integer IDLE_S = 60;

// The grid cuts a body to be sent, and the service takes no longer one from a script.
integer ANSWER_MOST_BYTES = 4096;
// Longer names than these exist on no grid: a display name has 31 characters, an older one 63.
integer NAME_MOST_CHARS = 255;

// The object's linkset data: 131,072 bytes. Above these a box takes no more payments, so that
// those it has are safe, and what is under way still finds room.
integer STOP_SELLING_EVENTS = 200;
integer STOP_SELLING_FREE_BYTES = 31072;
integer SPARE_CHARS = 2048;
// What the script itself can hold, of its 64 KiB, where another script has filled the object's.
integer HOLD_MOST = 20;
// Names are read in pages, for a list of all would not fit beside the code.
integer PAGE = 32;

// A hint is as good as new for so long, either way (the same as for calls).
integer HINT_SKEW_S = 300;
// A pairing code is good for 30 minutes.
integer CODE_LASTS_S = 1800;
// XXXX- and at least 12 more.
integer CODE_LEAST_CHARS = 17;
// Few messages reach an owner who is away: the grid keeps about 25, and drops the rest.
integer TELL_APART_S = 3600;
// A dialog is listened to for so long after the last touch.
integer LISTEN_S = 120;
// So many slots are read to the owner at once, for the viewer shows few lines of chat.
integer READ_MOST = 20;

// Names in the linkset data. Outbox and dead letters are followed by eight digits.
string K_PAIR = "tb.pair";
string K_CODE = "tb.code";
string K_REZZED = "tb.rezzed";
string K_PACE = "tb.pace";
string K_TOLD = "tb.told";
string K_SPARE = "tb.spare";
string K_OUTBOX = "tb.o.";
string K_DEAD = "tb.d.";

string PATH = "/api/inworld/v1/";

integer JOB_NONE = 0;
integer JOB_REGISTER = 1;
integer JOB_HELLO = 2;
integer JOB_STANDING = 3;
integer JOB_EVENT = 4;

// The code of dead letters from a pairing with another box: they are never sent by this one.
string OTHER_BOX = "other-box";

// Answers that end a matter: the event goes to the dead letters, and the owner is told.
list REFUSED_CODES = ["malformed", "conflict", "too-large", "refused", "unknown", "method"];
// Answers after which nothing helps but a person: the box stops, and keeps everything.
list HALT_CODES = ["signature", "rebind", "retired", "shard"];
