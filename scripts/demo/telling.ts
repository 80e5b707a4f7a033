/** What is said before and after the play, for a person who lets parcels and reads no logs. */
import type { Played } from './play';
import type { Screen } from './screen';
import { closingTable } from './table';
import type { Verdict } from './verdict';

export function tellIntroduction(
  screen: Screen,
  { seed, logPath }: { readonly seed: number; readonly logPath: string },
): void {
  screen.title('Tierbridge: a tenant who has paid is never treated as overdue');
  screen.say(
    'You will see an estate with twelve rentals, a rental provider that breaks down, and ' +
      'Tierbridge between them. Boxes, payments and faults are simulated; Tierbridge and its ' +
      'database are real. Hours are played in seconds: it takes about a minute.',
  );
  screen.say(`This is run ${seed} (to see the same again: npm run demo -- --seed ${seed}).`);
  screen.say(`Log of the service: ${logPath}`);
}

export function tellVerdict(screen: Screen, verdict: Verdict, logPath: string): void {
  screen.title('What came of it');
  screen.lines(['', ...closingTable(verdict.figures)]);
  if (verdict.broken.length === 0) {
    screen.say('Every payment became time exactly once. Nobody who had paid was shown as overdue.');
    return;
  }
  screen.say('Tierbridge has failed:');
  screen.lines(verdict.broken.map((sentence) => `- ${sentence}`));
  screen.say(`The log says more and is kept: ${logPath}`);
}

export function tellWhereToLook(screen: Screen, { service, provider }: Played, logPath: string) {
  screen.title('Everything is still running: look around');
  screen.lines([
    `Service     ${service.url}`,
    `Provider    ${provider.url}/sim/state`,
    `Metrics     ${service.metricsUrl}/metrics`,
    `Admin key   ${service.adminKey}`,
    `Log         ${logPath}`,
    '',
    'Which rentals are overdue? Paste these two lines into another window:',
    '',
    `curl -s -H 'Authorization: Bearer ${service.adminKey}' \\`,
    `  '${service.url}/api/admin/v1/rentals?standing=overdue'`,
  ]);
  screen.title('Press Ctrl-C to stop. Nothing is left behind.');
}

export function tellFault(screen: Screen, fault: unknown, logPath: string): void {
  screen.title('The demo could not go on');
  screen.say(fault instanceof Error ? fault.message : String(fault));
  screen.say(`If the service had begun to write its log, it is kept: ${logPath}`);
}
