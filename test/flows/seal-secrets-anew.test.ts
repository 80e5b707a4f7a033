/** How an operator sees when an older key of the boxes' secrets may be dropped. */
import { MINUTE_MS } from '../../src/domain/time';
import { sealSecretsAnew, type SealedAnew } from '../../src/flows/boxes/seal-secrets-anew';
import type { BoxId } from '../../src/domain/ids';
import { START } from '../support/estate';
import { createManualClock } from '../support/manual-clock';
import { createRecordedLog } from '../support/recorded-log';

const whole: SealedAnew = { seen: 200, sealed: 0, raced: 0, unopened: [], next: null };
const id = (n: number): BoxId => `box_${n}` as BoxId;

/** Answers each batch in turn; an error is thrown. */
function world(answers: readonly (SealedAnew | Error)[]) {
  const asked: (BoxId | null)[] = [];
  const [clock, log, ending] = [
    createManualClock(START),
    createRecordedLog(),
    new AbortController(),
  ];
  const secretsAtRest = {
    async sealAnew(after: BoxId | null): Promise<SealedAnew> {
      const answer = answers[Math.min(asked.push(after), answers.length) - 1]!;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const done = sealSecretsAnew({ secretsAtRest, clock, log }, ending.signal);
  return { asked, clock, log, ending, done };
}

describe('sealing the secrets of all boxes anew', () => {
  it('goes through them batch by batch, and says that older keys may be dropped', async () => {
    const batch = { ...whole, sealed: 200 };
    const { asked, clock, log, done } = world([
      { ...batch, next: id(1) },
      { ...batch, next: id(2) },
      whole,
    ]);
    await clock.advance(1_000);
    await done;
    expect(asked).toEqual([null, id(1), id(2)]);
    expect(log.lines).toEqual([
      {
        level: 'info',
        fact: 'box secrets stand under the first key',
        fields: { boxes: 600, sealed: 400 },
      },
    ]);
  });

  it('tells of its progress in a large estate', async () => {
    const batch = { ...whole, sealed: 200, next: id(1) };
    const { clock, log, done } = world([...Array<SealedAnew>(120).fill(batch), whole]);
    await clock.advance(MINUTE_MS);
    await done;
    const told = log.lines.filter(({ fact }) => fact === 'sealing box secrets anew');
    expect(told.map(({ fields }) => fields['sealed'])).toEqual([10_000, 20_000]);
  });

  it('names boxes whose secrets no key opens, a few of them', async () => {
    const unopened = Array.from({ length: 30 }, (_, n) => id(n));
    const { log, done } = world([{ ...whole, unopened }]);
    await done;
    const [line] = log.lines;
    expect(line).toMatchObject({ level: 'error', fields: { boxes: 30 } });
    expect(line?.fields['some']).toEqual(unopened.slice(0, 10));
  });

  it('looks again where somebody else wrote a box, and promises nothing before', async () => {
    const { asked, log, done } = world([{ ...whole, sealed: 3, raced: 1 }, whole]);
    await done;
    expect(asked).toEqual([null, null]);
    expect(log.lines).toMatchObject([{ fields: { boxes: 200, sealed: 3 } }]);
    const endless = world([{ ...whole, raced: 1 }]);
    await endless.done;
    expect(endless.log.facts('info')).toEqual([]);
    expect(endless.asked).toHaveLength(5);
  });

  it('goes on at the same place after an outage', async () => {
    const outage = new Error('The database is away.');
    const { asked, clock, log, done } = world([{ ...whole, next: id(1) }, outage, outage, whole]);
    await clock.advance(2 * MINUTE_MS);
    await done;
    expect(asked).toEqual([null, id(1), id(1), id(1)]);
    expect(log.facts('info')).toEqual(['box secrets stand under the first key']);
  });

  it('gives up until the next start when it fails again and again', async () => {
    const { asked, clock, log, done } = world([new Error('Refused.')]);
    await clock.advance(20 * MINUTE_MS);
    await done;
    expect(asked).toHaveLength(10);
    expect(log.facts('error')).toHaveLength(1);
    expect(log.facts('info')).toEqual([]);
  });

  it('ends at once with the service', async () => {
    const { clock, log, ending, done } = world([new Error('The database is away.')]);
    await clock.advance(1);
    ending.abort();
    await done;
    expect([log.facts('info'), log.facts('error'), clock.waiting()]).toEqual([[], [], 0]);
  });
});
