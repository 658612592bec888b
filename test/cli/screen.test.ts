import { Screen, stamped, type ScreenStream } from '../../cli/screen';

function stream(more: Partial<ScreenStream> = {}): ScreenStream & { text: string } {
  const made = {
    text: '',
    isTTY: true,
    columns: 80,
    rows: 10,
    ...more,
    write: (text: string) => void (made.text += text),
  };
  return made;
}

test('a new frame is drawn over the old one, and the same one not at all', () => {
  const out = stream();
  const screen = new Screen(out);
  screen.draw('one\ntwo');
  screen.draw('one\ntwo');
  screen.draw('three');
  expect(out.text).toBe('one\ntwo\n\u001b[2A\r\u001b[0Jthree\n');
});

test('a line is put above the frame, which stays', () => {
  const out = stream();
  const screen = new Screen(out);
  screen.draw('frame');
  screen.line('news');
  expect(out.text).toBe('frame\n\u001b[1A\r\u001b[0Jnews\nframe\n');
});

test('a frame that the terminal is too low for is cut, so that it can be drawn over', () => {
  const out = stream({ rows: 6 });
  new Screen(out).draw('1\n2\n3\n4\n5\n6');
  expect(out.text).toBe('1\n2\n3\n… 3 more lines: launch status\n');
});

test('a line that takes two rows of the terminal is drawn over as two, however wide the terminal has become', () => {
  const out = stream({ columns: 10, rows: 6 });
  const screen = new Screen(out);
  screen.draw('\u001b[1mtwelve chars\u001b[22m\nshort');
  screen.draw('next');
  expect(out.text).toContain('\u001b[3A\r\u001b[0Jnext\n');
  screen.draw('123456789012\n2\n3\n4');
  expect(out.text).toMatch(/123456789012\n2\n… 2 more lines: launch status\n$/);
  out.columns = 4;
  screen.draw('last');
  expect(out.text).toContain('\u001b[12A\r\u001b[0Jlast\n');
});

test('a kept frame is not touched any more', () => {
  const out = stream();
  const screen = new Screen(out);
  screen.draw('frame');
  screen.keep();
  screen.line('Stopped');
  expect(out.text).toBe('frame\nStopped\n');
});

test('without a terminal there are lines only, each with its time and without escapes', () => {
  const out = stream({ isTTY: false, columns: undefined, rows: undefined });
  const screen = new Screen(out);
  expect(screen.isLive).toBe(false);
  screen.line(stamped('A is \u001b[31mopen', Date.now()));
  expect(out.text).toMatch(/^\d\d:\d\d:\d\d A is \[31mopen\n$/);
});
