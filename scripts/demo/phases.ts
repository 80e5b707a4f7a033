/** The four parts of the play, each told as it happens with figures that the judge has seen. */
import type { SimControl } from '../sim-provider/simulator';
import type { AdminClient } from './admin-client';
import { judgePayments, wronglyOverdueThere } from './judge';
import { pause, until } from './pause';
import type { Plan, PlannedPayment } from './plan';
import type { Region } from './region';
import type { Screen, Step } from './screen';
import type { Watcher } from './watcher';
import { counted, seconds } from './words';

export interface Stage {
  readonly screen: Screen;
  readonly provider: SimControl;
  readonly region: Region;
  readonly admin: AdminClient;
  readonly watcher: Watcher;
  readonly plan: Plan;
  readonly signal: AbortSignal;
}

/** No wait is endless: what has not come about by then is for the verdict to tell. */
const COMES_ABOUT_WITHIN_MS = 20_000;
const REDRAW_MS = 100;
/** So that a person can read what was said before the next thing happens. */
const READING_MS = 2_000;

export async function ordinaryDays(stage: Stage): Promise<void> {
  const { screen, plan, watcher } = stage;
  screen.title('1. Ordinary days');
  screen.say(
    'Tenants pay at their boxes. The network loses one call in seven, and the boxes ask again. ' +
      'One tenant pays the same twice in one moment: that counts twice. A repeated call does not.',
  );
  const step = () => creditedStep(watcher.latest().credited, plan.ordinary.length);
  await withLine(stage, step, async () => {
    await payAsPlanned(stage, plan.ordinary);
    await comesAbout(stage, () => watcher.latest().credited === plan.ordinary.length);
  });
}

export async function stall(stage: Stage): Promise<void> {
  const { screen, provider, plan } = stage;
  screen.title('2. The provider stalls');
  provider.setFaults({ stall: true, suspendRate: 0.15 });
  screen.say('The provider has stopped processing. Tenants keep paying at their boxes.');
  await withLine(
    stage,
    () => waitingStep(stage),
    async () => {
      await Promise.all([payAsPlanned(stage, plan.stall), letSomeFail(stage)]);
      await comesAbout(stage, () => stage.watcher.latest().known === provider.payments().length);
      screen.say(`${counted(waiting(stage), 'payment')} wait. ${overdueWords(stage)}`);
      await letTimeRunOut(stage);
    },
  );
}

async function letSomeFail({ screen, provider, plan, signal }: Stage): Promise<void> {
  await pause(0.75 * (plan.stall.at(-1)?.afterMs ?? 0), signal);
  provider.setFaults({ stall: true, failNow: 4 });
  const fallen = counted(countFallen(provider), 'payment');
  screen.say(`${fallen} have failed, says the provider. Tierbridge does not take that for final.`);
}

/** Some tenants' old time ends while what they have paid since waits in the queue. */
async function letTimeRunOut(stage: Stage): Promise<void> {
  const { screen, provider, watcher, plan, signal } = stage;
  const runningOut = plan.stall.filter(({ unit }) => unit.role === 'runs-out').length;
  await comesAbout(stage, () => wronglyOverdueThere(provider).length >= runningOut);
  // Longer than grace: from here on only the waiting payments keep these tenants from overdue.
  await pause(2 * READING_MS, signal);
  await watcher.look();
  const there = counted(watcher.latest().overdueThere, 'tenant');
  screen.say(
    `For ${there} the old time has ended meanwhile. The provider shows them as overdue, although ` +
      `they have paid. ${safeWords(stage)}`,
  );
  await pause(READING_MS, signal);
}

export async function drain(stage: Stage): Promise<void> {
  stage.screen.title('3. The queue moves, and failed payments come back to life');
  const backlog = waiting(stage);
  const step = () => creditedStep(backlog - waiting(stage), backlog, 'waiting ');
  await withLine(stage, step, () => workOffQueue(stage));
}

async function workOffQueue(stage: Stage): Promise<void> {
  const { screen, provider, signal } = stage;
  const late = { reorderWindow: 6, duplicateRate: 0.3 };
  provider.setFaults(late);
  screen.say('The provider works again. Its messages come out of order, and some come twice.');
  await comesAbout(stage, () => waiting(stage) <= countFallen(provider));
  screen.say(
    `${counted(countFallen(provider), 'payment')} are still called failed there. Here the money ` +
      'counts for the tenant until it is known what became of it.',
  );
  await pause(READING_MS, signal);
  provider.setFaults({ ...late, drain: true });
  screen.say('Now the failed ones complete after all.');
  await comesAbout(stage, () => waiting(stage) === 0);
  await sayChecked(stage);
  await pause(READING_MS, signal);
}

export async function reset(stage: Stage): Promise<void> {
  const { screen, provider } = stage;
  screen.title('4. Paid rentals are reset to overdue');
  const step = () => rightStep(countRight(provider), provider.effects().length);
  await withLine(stage, step, async () => {
    await resetSeen(stage);
    await resetUnseen(stage);
  });
}

async function resetSeen(stage: Stage): Promise<void> {
  const { screen, provider, signal } = stage;
  const startedAt = Date.now();
  provider.setFaults({ resetOverdue: 0.3 });
  const resets = provider.effects().length;
  screen.say(`The provider suddenly shows ${counted(resets, 'paid rental')} as overdue.`);
  await comesAbout(stage, () => countRight(provider) === resets);
  const took = seconds(Date.now() - startedAt);
  const right = counted(countRight(provider), 'rental');
  screen.say(`Tierbridge saw it and had put ${right} right ${took} later.`);
  await pause(READING_MS, signal);
}

async function resetUnseen(stage: Stage): Promise<void> {
  const { screen, provider, admin, signal } = stage;
  const before = provider.effects().length;
  provider.setFaults({ refuseStream: true });
  provider.setFaults({ refuseStream: true, resetOverdue: 0.5 });
  const resets = counted(provider.effects().length - before, 'rental');
  screen.say(
    `It happens again, to ${resets}, and this time the provider's messages are cut off as well: ` +
      'nobody is told.',
  );
  await pause(READING_MS, signal);
  screen.say('So all rentals are compared, as each night or whenever somebody asks for it.');
  const { counts } = await untilSwept(stage, await admin.startResync());
  screen.say(`${counted(counts.compared, 'rental')} compared, ${counts.repaired} put right.`);
  provider.setFaults({});
  await comesAbout(stage, () => countRight(provider) === provider.effects().length);
}

async function payAsPlanned(stage: Stage, payments: readonly PlannedPayment[]): Promise<void> {
  const startedAt = Date.now();
  for (const payment of payments) {
    const leftMs = startedAt + payment.afterMs - Date.now();
    if (leftMs > 0) await pause(leftMs, stage.signal);
    stage.region.pay(payment);
  }
}

async function sayChecked({ screen, provider, admin }: Stage): Promise<void> {
  const startedAt = Date.now();
  const [rentals, listed] = await Promise.all([admin.rentals(), admin.payments()]);
  const ledgers = await Promise.all(rentals.map(({ id }) => admin.ledger(id)));
  const judged = judgePayments(provider.payments(), ledgers.flat(), listed);
  screen.say(
    `Checked one by one: of ${counted(judged.made, 'payment')} ${judged.creditedOnce} were ` +
      `credited exactly once, ${judged.creditedTwice} twice, ${judged.lost} never. It took ` +
      `${seconds(Date.now() - startedAt)}.`,
  );
}

async function untilSwept({ admin, signal }: Stage, started: { readonly id: string }) {
  const deadline = Date.now() + COMES_ABOUT_WITHIN_MS;
  for (;;) {
    const sweep = await admin.sweep(started.id);
    if (sweep.status !== 'running' || Date.now() > deadline) return sweep;
    await pause(REDRAW_MS, signal);
  }
}

function comesAbout({ signal }: Stage, holds: () => boolean): Promise<boolean> {
  return until(holds, { withinMs: COMES_ABOUT_WITHIN_MS, signal });
}

/** While the part is played, its line is redrawn. */
async function withLine(
  { screen }: Stage,
  step: () => Step,
  play: () => Promise<unknown>,
): Promise<void> {
  const progress = screen.progress();
  progress.show(step());
  const timer = setInterval(() => progress.show(step()), REDRAW_MS);
  try {
    await play();
    progress.show(step());
  } finally {
    clearInterval(timer);
    progress.end();
  }
}

function creditedStep(credited: number, all: number, which = ''): Step {
  const text = `${credited} of ${counted(all, `${which}payment`)} credited`;
  return { done: credited, of: all, text };
}

function waitingStep(stage: Stage): Step {
  const { plan, watcher } = stage;
  const made = stage.provider.payments().length - plan.ordinary.length;
  const all = plan.stall.length;
  const wrong = watcher.findings().wronglyOverdueHere.size;
  const text = `${made} of ${all} paid, ${waiting(stage)} wait, ${wrong} wrongly overdue`;
  return { done: made, of: all, text };
}

function rightStep(right: number, all: number): Step {
  return { done: right, of: all, text: `${right} of ${counted(all, 'rental')} put right` };
}

/** Real payments that the service has not yet turned into time. */
function waiting({ watcher }: Stage): number {
  const { made, credited } = watcher.latest();
  return made - credited;
}

function countFallen(provider: SimControl): number {
  const { failed = 0, suspended = 0 } = provider.state().counts.transactions;
  return failed + suspended;
}

function countRight(provider: SimControl): number {
  return provider.effects().length - wronglyOverdueThere(provider).length;
}

/** Whether anybody who has paid was ever shown as overdue by our word. */
function safeWords({ watcher }: Stage): string {
  const wrong = watcher.findings().wronglyOverdueHere.size;
  return wrong === 0
    ? 'With Tierbridge they are safe.'
    : `And Tierbridge, WRONGLY, shows ${counted(wrong, 'rental')} as overdue too.`;
}

/** Who is overdue by our word. */
function overdueWords(stage: Stage): string {
  const { watcher } = stage;
  if (watcher.findings().wronglyOverdueHere.size > 0) return safeWords(stage);
  const [unpaid] = watcher.latest().overdueHere;
  if (unpaid === undefined) return 'With Tierbridge nobody is overdue.';
  return `With Tierbridge only ${unpaid} is overdue, and its tenant has not paid.`;
}
