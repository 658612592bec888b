import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { problemBody, Problem, PROBLEM_TYPE } from './problem';

const OF_NODE: { readonly [code: string]: Problem } = {
  HPE_HEADER_OVERFLOW: new Problem('HEADERS_TOO_LARGE', 'the headers are longer than is read here'),
  ERR_HTTP_REQUEST_TIMEOUT: new Problem('REQUEST_TIMEOUT', 'the request did not come in time'),
};

/** What is no request, or not a whole one: there is nothing yet that could be asked who it is from. */
export function answerUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const problem = OF_NODE[error.code ?? ''] ?? new Problem('BAD_INPUT', 'this is no request of HTTP');
  const body = JSON.stringify(problemBody(problem));
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`,
    `content-type: ${PROBLEM_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'cache-control: no-store',
    'connection: close',
  ];
  if (socket.writable) socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
}
