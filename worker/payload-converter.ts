import type { Payload, PayloadConverter } from '@temporalio/common';
import { defaultPayloadConverter } from '@temporalio/common';

/**
 * Decoding never throws: a payload that cannot be decoded becomes `{ undecodable: reason }`, which every door refuses.
 * A message that threw here would block its workflow for good.
 */
export const payloadConverter: PayloadConverter = {
  toPayload: (value) => defaultPayloadConverter.toPayload(value),
  fromPayload<T>(payload: Payload): T {
    try {
      return defaultPayloadConverter.fromPayload<T>(payload);
    } catch (error) {
      return { undecodable: error instanceof Error ? error.message : String(error) } as T;
    }
  },
};
