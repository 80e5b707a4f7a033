/** Milliseconds of the machine's own clock, which all its processes read alike; no time of day. */
export const machineMs = (): number => Number(process.hrtime.bigint()) / 1e6;
