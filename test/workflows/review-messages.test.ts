import { DAY, HOUR } from '../../domain/units';
import { human, item, planOf, probe } from '../support/plans';
import { useSkippingServer } from '../support/skipping';

const skippingLaunch = useSkippingServer();

const BY = { by: 'ana', reason: 'r' };
/** What would have thrown where it is read, or where what came of it is shown. */
const TO_LAUNCH: Array<[string, unknown]> = [
  ['comment', { undecodable: { toString: 1, valueOf: 1 } }],
  ['signOff', { by: 'ana', answer: 'yes', seen: {} }],
  ['signOff', { undecodable: { toString: 1, valueOf: 1 } }],
  ['reschedule', { ...BY, at: Number.MAX_VALUE }],
  ['reschedule', { ...BY, at: 8.64e15 }],
  ['amend', { ...BY, plan: { undecodable: { toString: 1 } } }],
  ['amend', { ...BY, plan: { ...planOf(), metrics: null } }],
  ['report', { item: 'A', report: { seq: 1e9, progress: {} } }],
  ['report', { item: 'A', report: { seq: 1e9, progress: null } }],
  ['report', null],
];
const TO_ITEM: Array<[string, unknown]> = [
  ['attest', { by: 'qa', evidence: { file: { name: { toString: 1 }, sha256: '' } } }],
  ['situation', { version: 1e9, waitingOn: [] }],
  ['situation', { version: 1e9, waitingOn: [], launchAt: 1e300, held: false, computed: {} }],
  ['situation', { version: 1e9, waitingOn: [], launchAt: 1, held: false, computed: {}, plan: 5 }],
  ['situation', null],
];

test('no message can keep a launch or an item from going on', async () => {
  const items = [item('A', { criteria: [probe('up'), human('ok', ['qa']), human('more', ['pilot'])] })];
  await skippingLaunch(
    (now) => planOf({ items, launch: { at: now + 2 * HOUR } }),
    async (launch) => {
      for (const [name, input] of TO_LAUNCH) await launch.handle.signal(name, input);
      for (const [name, input] of TO_ITEM) await launch.item('A').signal(name, input);
      // The last instant that is taken: its timer, its search attribute and its board must hold.
      const last = Date.UTC(9999, 11, 31);
      await launch.tell('reschedule', { ...BY, at: last - DAY });
      await launch.tellItem('A', 'attest', { by: 'qa' });
      await launch.tellItem('A', 'waive', { ...BY, risk: 'r', until: last });
      expect(await launch.board()).toMatchObject({ launchAt: '9999-12-30T00:00:00.000Z', phase: 'preparing' });
    }
  );
});
