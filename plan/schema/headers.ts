import { z } from 'zod';
import { headerName, secret } from './scalars';

/**
 * What frames a message and steers its connection is the worker's: with these a plan could have another host answer than
 * the one that the worker allows, or a second request read from the body of the first.
 */
const NOT_FOR_PLANS =
  /^(host|content-length|transfer-encoding|connection|upgrade|expect|te|trailer|keep-alive|proxy-.*)$/i;
const NOT_IN_VALUES = /[^\t\u0020-\u007e\u0080-\u00ff]/;

const requestHeader = headerName.refine((name) => !NOT_FOR_PLANS.test(name), {
  error: 'another header: what frames the request or steers its connection is set by the worker',
});

/** The headers that a plan may give a request; a value may be one of the worker's environment. */
export const requestHeaders = z.record(requestHeader, secret).superRefine((headers, { addIssue }) => {
  const given = new Set<string>();
  for (const [name, value] of Object.entries(headers)) {
    const wrong = (message: string): void => addIssue({ code: 'custom', path: [name], message });
    if (given.has(name.toLowerCase())) wrong('each header once; letter case does not tell them apart');
    given.add(name.toLowerCase());
    if (typeof value === 'string' && NOT_IN_VALUES.test(value)) wrong('one line of Latin letters, digits and signs');
  }
});
