/** Lets the database engine go after all tests; the last run of this checkout ends it. */
export default async function globalTeardown(): Promise<void> {
  await globalThis.tierbridgeTestEngine?.stop();
}
