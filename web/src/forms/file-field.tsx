import { useId, useState, type ReactNode } from 'react';
import { LARGEST_FILE, sha256Of } from './sha256';

const READING = 'Making its digest';

export interface NamedDigest {
  name: string;
  sha256: string;
}

interface Props {
  value: NamedDigest | undefined;
  change: (value: NamedDigest | undefined) => void;
}

/** A digest in groups of eight, so that people can compare two. */
export function Digest({ of }: { of: string }): ReactNode {
  return (
    <span className="digest">
      {(of.match(/.{1,8}/g) ?? []).map((part, at) => (
        <span key={`${at} ${part}`}>{part}</span>
      ))}
    </span>
  );
}

/** A file is named by what it holds: its digest is made here, the file stays where it is. */
export function FileField({ value, change }: Props): ReactNode {
  const id = useId();
  const [state, setState] = useState<string>();
  const read = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    if (file.size > LARGEST_FILE) return setState(`${file.name} is larger than 256 MB: put its SHA-256 into the note.`);
    setState(READING);
    try {
      change({ name: file.name, sha256: await sha256Of(file) });
      setState(undefined);
    } catch {
      setState(`${file.name} cannot be read.`);
    }
  };
  return (
    <div className="field">
      <label htmlFor={id}>File</label>
      <span className="hint" id={`${id}-hint`}>
        It stays with you: its name and SHA-256 are kept, so that it can be told from any other.
      </span>
      <input
        id={id}
        type="file"
        aria-describedby={`${id}-hint`}
        onChange={({ target }) => void read(target.files?.[0])}
      />
      <div role="status">
        {state !== undefined && <p className={state === READING ? undefined : 'lacking'}>{state}</p>}
        {value && (
          <p className="chosen-file">
            <b>{value.name}</b>{' '}
            <button type="button" className="link" onClick={() => change(undefined)}>
              Remove
            </button>
            <Digest of={value.sha256} />
          </p>
        )}
      </div>
    </div>
  );
}
