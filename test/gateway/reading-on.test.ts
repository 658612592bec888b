import { connect } from 'node:net';
import { listen, positionsIn, readEvents } from '../support/gateway';
import { gatewayAlone, MemoryLedger, OPERATOR_TOKEN, type GatewayAlone } from '../support/gateway-alone';
import { until } from '../support/until';

/** What readers are told of a launch, whenever they come and however fast they take it. */
let own: GatewayAlone | undefined;

afterEach(async () => {
  await own?.close();
  own = undefined;
});

const events = () => `${own!.url}/api/launches/shop/events`;
const token = OPERATOR_TOKEN;

describe('facts of 36 kB each', () => {
  const FACTS = 600;
  const written = (): MemoryLedger => {
    const ledger = new MemoryLedger();
    for (let n = 1; n <= FACTS; n++) ledger.write(n, 'x'.repeat(36_000));
    return ledger;
  };
  const ALL = Array.from({ length: FACTS }, (_, n) => String(n + 1));

  test('come in events of which each is soon taken, by pages that are no larger than what fits', async () => {
    const ledger = written();
    own = await gatewayAlone({}, { ledger });
    const reader = await listen(`${events()}?after=0`, { token });
    await until('all of them', () => positionsIn(reader.events).length >= FACTS);
    reader.close();
    expect(positionsIn(reader.events)).toEqual(ALL);
    const facts = reader.events.filter(({ event }) => event === 'facts');
    for (const { data } of facts) expect(JSON.stringify(data).length).toBeLessThan(300_000);
    expect(Math.max(...ledger.read)).toBeLessThanOrEqual(50);
  });

  test('a reader who takes it bit by bit is told all of it', async () => {
    own = await gatewayAlone({}, { ledger: written() });
    const socket = connect(own.port, '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      socket.pause();
      setImmediate(() => socket.resume());
    });
    const head = `Host: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`;
    socket.write(`GET /api/launches/shop/events?after=0 HTTP/1.1\r\n${head}`);
    const last = `"position":"${FACTS}"`;
    await until('the last one', () => chunks.length > 0 && Buffer.concat(chunks.slice(-8)).includes(last));
    const told = () => positionsIn(readEvents(Buffer.concat(chunks).toString('utf8')));
    await until('its end', () => told().length === FACTS);
    socket.destroy();
    expect(told()).toEqual(ALL);
  });

  test('many that are written at once come in pieces too', async () => {
    own = await gatewayAlone();
    const reader = await listen(events(), { token });
    await reader.next('its board', ({ event }) => event === 'board');
    for (let n = 1; n <= 100; n++) own.ledger.write(n, 'x'.repeat(36_000));
    await until('all of them', () => positionsIn(reader.events).length >= 100);
    reader.close();
    expect(positionsIn(reader.events)).toEqual(ALL.slice(0, 100));
    const facts = reader.events.filter(({ event }) => event === 'facts');
    for (const { data } of facts) expect(JSON.stringify(data).length).toBeLessThan(300_000);
  });
});

/** A promise that is kept when the test says so. */
function gate(): { opened: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

describe('a reader who comes while somebody else is told news', () => {
  test('misses neither the fact nor the board that came between its own board and its place among those who watch', async () => {
    const ledger = new MemoryLedger();
    ledger.write(10);
    let title = 'before';
    let held: ReturnType<typeof gate> | undefined;
    const isHeld = gate();
    const board = async () => {
      const read = ledger.board(title);
      if (!held) return read;
      const mine = held;
      held = undefined;
      isHeld.open();
      await mine.opened;
      return read;
    };
    own = await gatewayAlone({}, { ledger, board });
    const first = await listen(events(), { token });
    await first.next('its board', ({ event }) => event === 'board');
    // What it looks at at once is out of the way before the next one reads a board.
    ledger.write(11);
    await until('the first news', () => positionsIn(first.events).includes('11'));

    const mine = gate();
    const asked = listen(events(), { token, headers: { 'x-request-id': 'second-reader' } });
    held = mine;
    await isHeld.opened;
    title = 'after';
    ledger.write(12);
    const isNew = ({ event, data }: { event: string; data: unknown }) =>
      event === 'board' && (data as { title: string }).title === 'after';
    await first.next('the news', ({ event, data }) => event === 'facts' && JSON.stringify(data).includes('"12"'));
    await first.next('the new board', isNew);
    mine.open();
    const second = await asked;
    await second.next('a board', ({ event }) => event === 'board');
    await second.next('the fact since its board', () => positionsIn(second.events).includes('12'));
    await second.next('the new board', isNew);
    expect(positionsIn(second.events)).toEqual(['12']);
    first.close();
    second.close();
  });
});

describe('a place beyond the end of the ledger', () => {
  test.each(['last-event-id', 'after'])('given by %s: what is written from now on is told', async (how) => {
    const ledger = new MemoryLedger();
    for (let n = 1; n <= 5; n++) ledger.write(n);
    own = await gatewayAlone({}, { ledger });
    const reader =
      how === 'after'
        ? await listen(`${events()}?after=900`, { token })
        : await listen(events(), { token, headers: { 'last-event-id': '900' } });
    await reader.next('its board', ({ event }) => event === 'board');
    await until('it to have caught up', () => ledger.read.length > 0);
    ledger.write(6);
    await until('what is new', () => positionsIn(reader.events).length > 0);
    expect(positionsIn(reader.events)).toEqual(['6']);
    reader.close();
  });

  test('one that others have not come to yet is no such place', async () => {
    const ledger = new MemoryLedger();
    ledger.write(1);
    own = await gatewayAlone({}, { ledger });
    const first = await listen(events(), { token });
    await first.next('its board', ({ event }) => event === 'board');
    await until('it to have caught up', () => ledger.read.length > 0);
    for (const n of [2, 3]) ledger.write(n);
    const second = await listen(events(), { token, headers: { 'last-event-id': '2' } });
    await until('what it has missed', () => positionsIn(second.events).length > 0);
    await until('the same for the other', () => positionsIn(first.events).length >= 2);
    expect(positionsIn(second.events)).toEqual(['3']);
    first.close();
    second.close();
  });
});
