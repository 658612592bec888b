import { z } from 'zod';
import { fromEnvironment, positive, timeLimit } from '../schema/scalars';

const HIGHEST_PORT = 65_535;

/**
 * A host as addresses are made of it: lower case, IDN in ASCII, IPv6 in brackets, IPv4 in four decimals however it was
 * written. Undefined for anything else, also for a host with a port, a user or a zone (`%eth0`).
 */
export function hostOf(text: string): string | undefined {
  const host = /^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*$/.test(text) ? `[${text}]` : text;
  if (!/^(\[[^[\]]*\]|[^:[\]]+)$/.test(host) || /[\s/\\?#@%]/.test(host)) return undefined;
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : undefined;
}

const hostName = z
  .string()
  .refine((text) => hostOf(text) !== undefined, { error: 'a host name or an IP address, without a port' });

export const tcpCheck = z
  .strictObject({
    type: z.literal('tcp').describe('A port that must accept a connection; nothing is sent over it.'),
    host: z
      .union([hostName, fromEnvironment], { error: 'a host name or an IP address without a port, or { env: NAME }' })
      .describe('Host name or IP address, or { env: NAME } to take it from the worker.'),
    port: positive.max(HIGHEST_PORT, { error: `at most ${HIGHEST_PORT}` }).describe('Port.'),
    within: timeLimit
      .optional()
      .meta({ description: 'Longest time until it accepts.', absent: "the check's `timeout`" }),
  })
  .describe('Connects to a TCP port.');

export type TcpCheck = z.infer<typeof tcpCheck>;
