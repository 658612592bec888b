import fc from 'fast-check';
import { asJson, clean, cut, instantIn, pad, widthOf, wrap } from '../../cli/text';

test('cleaned text is one line without control or direction characters, whatever it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(clean(text)).not.toMatch(/[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/u);
    })
  );
});

test('cut text fits and padded text is as wide as asked, wide letters counted twice', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 40 }), (text, width) => {
      expect(widthOf(cut(text, width))).toBeLessThanOrEqual(width);
      expect(widthOf(pad(cut(text, width), width))).toBe(width);
    })
  );
  expect(widthOf('本番')).toBe(4);
});

test('wrapping loses nothing and keeps to the width', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 }), (words) => {
      const lines = wrap(words.join(' '), 12);
      expect(lines.join(' ')).toBe(words.join(' '));
      expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(12);
    })
  );
});

test('printed JSON is the value, and holds nothing that a terminal acts on', () => {
  const value = { title: 'a\u009b31m\u202eb\u0007' };
  const text = asJson(value);
  expect(JSON.parse(text)).toEqual(value);
  expect(text).not.toMatch(/[\u007f-\u009f\u202e\u0007]/);
});

test('an instant is shown in its zone, with the name of the offset of that day', () => {
  expect(instantIn('America/New_York', '2025-10-29T18:00:00Z')).toBe('Wed 2025-10-29 14:00 EDT');
  expect(instantIn('America/New_York', '2025-11-05T05:00:00Z')).toBe('Wed 2025-11-05 00:00 EST');
});
