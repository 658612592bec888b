/** One line of Prometheus' text format, names of labels in order. */
export interface Sample {
  name: string;
  labels: { [name: string]: string };
  value: number;
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)",?/gy;

function labelsOf(text: string): Sample['labels'] {
  const found = [...text.matchAll(LABEL)];
  if (found.map(([whole]) => whole).join('') !== text) throw new Error(`no labels: ${text}`);
  const unescaped = (value: string): string =>
    value.replace(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter));
  return Object.fromEntries(found.map(([, name, value]) => [name!, unescaped(value!)]));
}

/** The samples of an exposition. @throws on anything that the format does not have, and on a sample without its type */
export function parseExposition(text: string): Sample[] {
  if (!text.endsWith('\n')) throw new Error('the last line is not whole');
  const typed = new Set<string>();
  return text.split('\n').flatMap((line) => {
    const type = /^# TYPE (\S+) gauge$/.exec(line);
    if (type) typed.add(type[1]!);
    if (line === '' || line.startsWith('#')) return [];
    const [, name = '', labels = '', value] = SAMPLE.exec(line) ?? [];
    if (!typed.has(name) || !Number.isFinite(Number(value))) throw new Error(`no sample: ${line}`);
    return [{ name, labels: labelsOf(labels), value: Number(value) }];
  });
}

/** `name{label=value,…}` to value, without the part of the name that all have. */
export function valuesOf(text: string): { [key: string]: number } {
  const entries = parseExposition(text).map(({ name, labels, value }) => {
    const inner = Object.entries(labels).map(([label, of]) => `${label}=${of}`);
    return [`${name.replace('launch_director_', '')}{${inner.join()}}`, value] as const;
  });
  return Object.fromEntries(entries);
}
