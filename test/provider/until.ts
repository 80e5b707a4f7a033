/** Waits for a condition, turn by turn of the event loop; fails after ten seconds of real time. */
export async function until(what: string, isSo: () => boolean): Promise<void> {
  const giveUpAt = Date.now() + 10_000;
  while (!isSo()) {
    if (Date.now() > giveUpAt) throw new Error(`It never came to be that ${what}.`);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
