import { useCallback, useState } from 'react';
import { useLaunch } from '../live/use-launch';

/** What was typed and not yet accepted, for as long as the page is open: a refusal, or a dialog that is closed, loses nothing. */
const drafts = new Map<string, object>();

export interface Draft<Fields> {
  fields: Fields;
  change(changed: Partial<Fields>): void;
  /** It was accepted: the next one begins empty. */
  forget(): void;
}

/** Of one form of one person; `name` says which form. */
export function useDraft<Fields extends object>(name: string, initial: Fields): Draft<Fields> {
  const { launch, reader } = useLaunch();
  const key = JSON.stringify([launch, reader.person, name]);
  const [fields, setFields] = useState<Fields>(() => ({ ...initial, ...(drafts.get(key) as Partial<Fields>) }));
  const change = useCallback(
    (changed: Partial<Fields>) => {
      drafts.set(key, { ...drafts.get(key), ...changed });
      setFields((before) => ({ ...before, ...changed }));
    },
    [key]
  );
  const [empty] = useState(initial);
  const forget = useCallback(() => {
    drafts.delete(key);
    setFields(empty);
  }, [key, empty]);
  return { fields, change, forget };
}

/** Of a text that may be left out. */
export function given(text: string): string | undefined {
  return text.trim() === '' ? undefined : text.trim();
}
