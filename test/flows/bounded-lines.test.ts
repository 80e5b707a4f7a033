/** How many lines of one kind are said, and what becomes of the others. */
import { MINUTE_MS, parseInstant } from '../../src/domain/time';
import { BoundedLines } from '../../src/flows/ports/bounded-lines';
import { createManualClock } from '../support/manual-clock';
import { createRecordedLog } from '../support/recorded-log';

it('says sixty faults a minute, and how many it left unsaid', async () => {
  const clock = createManualClock(parseInstant('2026-03-01T12:00:00Z'));
  const log = createRecordedLog();
  const lines = new BoundedLines('warn', 'frame unreadable', { clock, log });
  for (let seq = 1; seq <= 100; seq += 1) lines.note({ seq });
  expect(log.lines.map(({ fields }) => fields)).toEqual(
    Array.from({ length: 60 }, (_, n) => ({ seq: n + 1 })),
  );
  await clock.advance(MINUTE_MS - 1);
  lines.note({ seq: 101 });
  expect(log.lines).toHaveLength(60);
  await clock.advance(1);
  lines.note({ seq: 102 });
  lines.note({ seq: 103 });
  expect(log.lines.slice(60)).toEqual([
    { level: 'warn', fact: 'frame unreadable', fields: { seq: 102, unsaid: 41 } },
    { level: 'warn', fact: 'frame unreadable', fields: { seq: 103 } },
  ]);
  lines.end();
  expect(log.lines).toHaveLength(62);
});
