import type { ItemCommandName, LaunchCommandName } from '../../domain/commands';
import { readCommand } from '../../domain/commands';

function nested(depth: number): unknown {
  return JSON.parse('['.repeat(depth) + ']'.repeat(depth));
}

test.each<[string, ItemCommandName | LaunchCommandName, unknown]>([
  ['an undecodable that is no text', 'comment', { undecodable: { toString: 1, valueOf: 1 } }],
  ['something seen without digest', 'signOff', { by: 'ana', answer: 'yes', seen: {} }],
  ['something seen that is no text', 'signOff', { by: 'ana', answer: 'yes', seen: { digest: 5 } }],
  ['something seen with more in it', 'signOff', { by: 'ana', answer: 'yes', seen: { digest: 'x', more: nested(9e4) } }],
  ['a date beyond all calendars', 'reschedule', { by: 'ana', at: 8.64e15 + 1, reason: 'r' }],
  ['a date of five digits', 'reschedule', { by: 'ana', at: Date.UTC(10_000, 0), reason: 'r' }],
  ['a date before all clocks', 'reschedule', { by: 'ana', at: -1, reason: 'r' }],
  ['a fraction of a millisecond', 'waive', { by: 'ana', until: 1.5, reason: 'r', risk: 'r' }],
  ['a waiver without end', 'waive', { by: 'ana', until: Number.MAX_VALUE, reason: 'r', risk: 'r' }],
  [
    'a file with more in it',
    'attest',
    { by: 'qa', evidence: { file: { name: 'f', sha256: '0'.repeat(64), more: nested(9e4) } } },
  ],
  [
    'a file with an endless name',
    'attest',
    { by: 'qa', evidence: { file: { name: 'f'.repeat(5_000), sha256: '0'.repeat(64) } } },
  ],
  ['a field that every object inherits', 'comment', { by: 'qa', text: 't', constructor: nested(9e4) }],
  ['a prototype', 'comment', JSON.parse('{"by":"qa","text":"t","__proto__":{"key":"k"}}')],
  [
    'lists that are long as a whole',
    'reportBlocker',
    { by: 'qa', title: 't', acceptance: Array(100).fill('x'.repeat(4_000)) },
  ],
])('%s is refused in a sentence, not by throwing', (_, name, input) => {
  expect(readCommand(name, input)).toEqual({ problem: expect.stringContaining(name) });
});
