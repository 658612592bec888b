import type { ReactNode } from 'react';
import type { Evidence as Given } from '../../../../domain/criterion';
import { useLaunch } from '../../live/use-launch';
import { Empty } from '../../parts/part';
import { Section } from '../../parts/section';
import { Table } from '../../parts/table';
import { dayAndTime } from '../../parts/times';
import { Who } from '../../parts/who';
import { Digest } from '../../forms/file-field';
import type { ShownCriterion } from './criterion-words';

interface Row {
  key: string;
  at: string;
  what: ReactNode;
  about: string;
  from: ReactNode;
  digest?: string;
  counts: string;
  isVoid: boolean;
}

/** Only what a browser opens as a page; anything else is text. */
function isPage(link: string): boolean {
  return URL.canParse(link) && /^https?:$/.test(new URL(link).protocol);
}

export function GivenEvidence({ evidence }: { evidence: Given | undefined }): ReactNode {
  const { note, link, file } = evidence ?? {};
  if (note === undefined && link === undefined && file === undefined) return 'Their word alone';
  return (
    <>
      {note !== undefined && <span className="said-what">“{note}”</span>}
      {link !== undefined && (
        <span className="said-what">
          {isPage(link) ? (
            <a href={link} rel="noreferrer noopener" target="_blank">
              {link}
            </a>
          ) : (
            link
          )}
        </span>
      )}
      {file && <span className="said-what">File {file.name}</span>}
    </>
  );
}

function rowsOf(criterion: ShownCriterion, zone: string): Row[] {
  const { id, title, words = [], metBy, measured } = criterion;
  const said = words.map((word): Row => ({
    key: `${id} ${word.by} ${word.at}`,
    at: word.at,
    what: <GivenEvidence evidence={word.evidence} />,
    about: title,
    from: <Who id={word.by} />,
    digest: word.evidence?.file?.sha256,
    counts: word.stale ? `No: ${word.stale.reason}, ${dayAndTime(zone, word.stale.at)}` : 'Yes',
    isVoid: word.stale !== null,
  }));
  const run = metBy ?? measured;
  const found: Row[] = run
    ? [
        {
          key: `${id} measured`,
          at: run.at,
          what: run.seen,
          about: title,
          from: metBy ? (
            <>
              check <span className="mono">{metBy.check.type}</span>, revision {metBy.check.revision}
            </>
          ) : (
            'its check'
          ),
          digest: metBy?.check.digest,
          counts: metBy ? 'Yes' : 'Speaks against it',
          isVoid: false,
        },
      ]
    : [];
  return [...said, ...found];
}

/** What each criterion rests on, or what speaks against it; what is void is struck and says since when. */
export function Evidence({ criteria }: { criteria: readonly ShownCriterion[] }): ReactNode {
  const { board } = useLaunch();
  const rows = criteria
    .flatMap((criterion) => rowsOf(criterion, board.timezone))
    .sort((a, b) => b.at.localeCompare(a.at));
  const counting = rows.filter(({ counts }) => counts === 'Yes').length;
  return (
    <Section id="evidence" title="Evidence" count={rows.length > 0 && `${rows.length} kept, ${counting} count`}>
      {rows.length === 0 ? (
        <Empty>None yet. It comes with the first run of a check, or somebody’s word.</Empty>
      ) : (
        <Table caption="Evidence, the newest first" heads={['When', 'What', 'From', 'Counts']} stack>
          {rows.map(({ key, at, what, about, from, digest, counts, isVoid }) => (
            <tr key={key} className={isVoid ? 'void' : undefined}>
              <th scope="row">
                <time dateTime={at}>{dayAndTime(board.timezone, at)}</time>
              </th>
              <td className="what">
                {what}
                <span className="sub">{about}</span>
                {digest !== undefined && <Digest of={digest} />}
              </td>
              <td>{from}</td>
              <td>{counts}</td>
            </tr>
          ))}
        </Table>
      )}
    </Section>
  );
}
