/**
 * Preloaded into the service under test: moves the machine's clock, as that process sees it, by as
 * many milliseconds as the grid has moved its own (see grid/clock.py); timers keep real time.
 */
const { openSync, readSync } = require('node:fs');

const file = openSync(process.env.GRID_CLOCK_FILE, 'r');
/** By how much the service's machine is ahead of the grid (negative: behind). */
const skewMs = Number(process.env.GRID_CLOCK_SKEW_MS ?? 0);
const digits = Buffer.alloc(15);
const realNow = Date.now;

Date.now = () => {
  readSync(file, digits, 0, digits.length, 0);
  return realNow() + Number(digits.toString('ascii')) + skewMs;
};
