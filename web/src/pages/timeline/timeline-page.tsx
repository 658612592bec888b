import { useMemo, type ReactNode } from 'react';
import { durationText } from '../../../../domain/text';
import { verdictSentence } from '../../../../domain/verdict-sentence';
import { MINUTE, SECOND } from '../../../../domain/units';
import { useAllFacts, usePlan, useStandups } from '../../api/queries';
import type { FactAnswer, Plan, StandupsAnswer } from '../../api/types';
import { useNow } from '../../live/now';
import { useLaunch } from '../../live/use-launch';
import { Failed, Loading } from '../../parts/part';
import { cityOf, momentIn, readerZone, sameTime, timeIn } from '../../parts/times';
import { When } from '../../parts/when';
import { callOf } from '../board/verdict';
import { axisOf } from './axis';
import { burnOf } from './burn';
import { clockChanges, clockDate, dueDates, launchDates, readerOffset } from './dates';
import { DatesTable } from './dates-table';
import { Gantt } from './gantt';
import { movesOf } from './history';
import { ItemsTable } from './items-table';
import { Key } from './key';
import { rowsOf, slipsOf } from './rows';
import { signOffRow } from './sign-off-row';
import { Slips } from './slips';
import { labelOf, ledeOf } from './words';

const MOVED = { type: 'moved' } as const;

/** Items against dates, and what decides the date. */
export function TimelinePage(): ReactNode {
  const { board, launch } = useLaunch();
  const plan = usePlan(launch, board.revision);
  const moved = useAllFacts(launch, MOVED);
  const standups = useStandups(launch);
  const asked = [
    { of: plan, what: 'The plan' },
    { of: moved, what: 'What happened to the items' },
    { of: standups, what: 'Past standups' },
  ];
  return (
    <>
      <title>{`Timeline: ${board.title}`}</title>
      {plan.data === undefined && <h1 className="vh">Timeline</h1>}
      {asked.map(
        ({ of, what }) =>
          of.error && <Failed key={what} what={what} refused={of.error} again={() => void of.refetch()} />
      )}
      {plan.data && moved.data ? (
        <Timeline plan={plan.data} moved={moved.data} standups={standups.data?.standups ?? []} />
      ) : (
        asked.every(({ of }) => of.error === null) && <Loading rows={8} />
      )}
    </>
  );
}

interface Props {
  plan: Plan;
  moved: readonly FactAnswer[];
  standups: StandupsAnswer['standups'];
}

/** A launch that lasts minutes moves each second; one that lasts days need not. */
const SHORT_MS = 2 * 60 * MINUTE;

function Timeline({ plan, moved, standups }: Props): ReactNode {
  const { board } = useLaunch();
  const launchAt = Date.parse(board.launchAt);
  const clock = useNow(launchAt - plan.start < SHORT_MS ? SECOND : 30 * SECOND);
  const now = board.ended ? Date.parse(board.ended.at) : clock;
  const zone = board.timezone;
  const moves = useMemo(() => movesOf(moved), [moved]);
  const known = useMemo(() => rowsOf({ plan, board, moves, now }), [plan, board, moves, now]);
  const dates = useMemo(() => launchDates({ plan, board, standups, now }), [plan, board, standups, now]);
  const slips = slipsOf(known.rows, now);
  const axis = useMemo(() => {
    const from = Math.min(plan.start, now, ...known.rows.map(({ worked }) => worked[0]?.from ?? Infinity));
    const last = known.rows.map(({ deadline, planned, settled }) =>
      Math.max(deadline ?? 0, planned?.to ?? 0, settled ?? 0)
    );
    // To the minute, so that the picture does not grow with every second.
    const to = Math.max(launchAt, Math.ceil(now / MINUTE) * MINUTE, ...last);
    return axisOf(plan.calendar, { from, to });
  }, [plan, known, launchAt, now]);
  const critical = known.rows.filter(({ isCritical }) => isCritical);
  const rows = [
    ...critical,
    signOffRow({ board, plan, chain: known.chain }),
    ...known.rows.filter((row) => !row.isCritical),
  ];
  const burn = burnOf({ board, rows: known.rows, moves, from: axis.from, now });
  const ends = { from: momentIn(zone, axis.from), to: momentIn(zone, axis.to) };
  return (
    <>
      <Lede known={known} plan={plan} now={now} />
      <Key />
      <Gantt
        rows={rows}
        axis={axis}
        dates={dates}
        burn={burn}
        zone={zone}
        launchAt={launchAt}
        now={now}
        isOver={board.ended !== null}
        label={labelOf(known.rows, board, ends)}
      />
      <ItemsTable rows={known.rows} />
      <div className="two">
        <Slips slips={slips} />
        <DatesTable dates={useComing({ dates, rows: known.rows, launchAt, now })} now={now} />
      </div>
    </>
  );
}

interface Coming {
  dates: ReturnType<typeof launchDates>;
  rows: Parameters<typeof dueDates>[0];
  launchAt: number;
  now: number;
}

/** What is still to come: of the launch, of its items, of the reader's clock. */
function useComing({ dates, rows, launchAt, now }: Coming): ReturnType<typeof launchDates> {
  const { board } = useLaunch();
  if (board.ended) return [];
  const mine = readerZone();
  const clocks = clockChanges({ from: now, to: launchAt }, readerOffset).map((each) => clockDate(each, cityOf(mine)));
  return [...dates.filter(({ at }) => at >= now), ...dueDates(rows, now), ...clocks].sort((a, b) => a.at - b.at);
}

function Lede({ known, plan, now }: { known: ReturnType<typeof rowsOf>; plan: Plan; now: number }): ReactNode {
  const { board } = useLaunch();
  const said = verdictSentence(board, (at) => momentIn(board.timezone, at));
  const sentence = { head: `${said.head}:`, rest: `${said.rest.replace(/\.$/, '')}.` };
  const { head, rest } = ledeOf(known, { board, plan, now, sentence });
  return (
    <section className="lede">
      <div>
        <h1>
          <b>{head}</b> {rest}
        </h1>
        <Stamp now={now} />
      </div>
    </section>
  );
}

/** What is spoken changes with the verdict and the date alone. */
function Stamp({ now }: { now: number }): ReactNode {
  const { board } = useLaunch();
  const { word } = callOf(board);
  const mine = readerZone();
  const { launchAt, timezone, slips } = board;
  const left = Date.parse(launchAt) - now;
  const moved = slips.length === 1 ? 'once' : `${slips.length} times`;
  const isOpen = board.verdict.at === null && board.ended === null;
  return (
    <p className="stamp">
      <span role="status">
        {isOpen && `${word} if it were now. `}
        Launch <When at={launchAt} zone />
      </span>
      {!sameTime(launchAt, timezone, mine) && `, ${timeIn(mine, launchAt)} in ${cityOf(mine)}`}
      {isOpen && left > 0 && `, in ${durationText(left)}`}. Date moved {moved}.
    </p>
  );
}
