import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { type Child, type Exit, type Program, startChild } from './child';
import { breakable, type Connection, Gone, MARK, Received, type Sdk, Unclear } from './mcp-connection';

/** Calls `take` with each line, and `full` once when more than is read has come. */
function eachLine(child: Child, take: (line: string) => void, full: (why: Error) => void): void {
  const output = child.process.stdout;
  const received = new Received();
  let begun: string[] = [];
  output?.setEncoding('utf8');
  output?.on('data', (chunk: string) => {
    const tooMuch = received.tooMuch(Buffer.byteLength(chunk), chunk.split(MARK).length - 1);
    if (tooMuch) {
      output.destroy();
      return full(tooMuch);
    }
    const [first = '', ...further] = chunk.split('\n');
    begun.push(first);
    for (const next of further) {
      if (output.destroyed) return;
      take(begun.join(''));
      begun = [next];
    }
  });
}

function exitText({ code, signal }: Exit): string {
  return signal ? `it was ended by ${signal}` : `it exited with ${code}`;
}

/**
 * Starts a server and speaks to it over its standard input and output. Not by the SDK's own transport, which gives a
 * server more of the worker's environment and ends only the process that it started itself.
 * @throws CannotRun when it cannot be started
 */
export async function overStdio(program: Program, signal: AbortSignal, sdk: Sdk): Promise<Connection> {
  const child = await startChild(program, signal);
  const { broken, breakOff } = breakable();
  let passedOver = 0;
  const take = (line: string): void => {
    // What a server logs there by mistake is passed over.
    if (!line.includes(MARK)) return void passedOver++;
    try {
      transport.onmessage?.(sdk.deserializeMessage(line));
    } catch {
      child.process.stdout?.destroy();
      breakOff(new Unclear('it sent a message that is not one of MCP'));
    }
  };
  const transport: Transport = {
    start: async () => {
      eachLine(child, take, breakOff);
      void child.ended.then((exit) => breakOff(new Gone(exitText(exit))));
    },
    send: async (message) => void child.process.stdin?.write(sdk.serializeMessage(message)),
    close: async () => transport.onclose?.(),
  };
  return {
    transport,
    broken,
    hint: () => (passedOver > 0 ? ', and wrote lines to its standard output that are no messages' : ''),
    close: async () => {
      transport.onclose?.();
      child.process.stdin?.end();
      await child.end();
    },
  };
}
