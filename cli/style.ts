import pc from 'picocolors';

/** Colours, or none: what is coloured says the same without. */
export type Style = ReturnType<typeof pc.createColors>;

/** Only on a terminal that wants them; NO_COLOR and FORCE_COLOR have the last word. */
export function styleFor(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv = process.env): Style {
  if (env['NO_COLOR']) return pc.createColors(false);
  if (env['FORCE_COLOR'] && env['FORCE_COLOR'] !== '0') return pc.createColors(true);
  return pc.createColors(stream.isTTY === true && env['TERM'] !== 'dumb');
}
