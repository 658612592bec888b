import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Item } from '../../../../domain/plan';
import { durationText, tookText } from '../../../../domain/text';
import { useAllFacts } from '../../api/queries';
import type { BoardItem, MeasurementAnswer } from '../../api/types';
import { useNow } from '../../live/now';
import { useLaunch } from '../../live/use-launch';
import { Part } from '../../parts/part';
import { Section } from '../../parts/section';
import { State } from '../../parts/state';
import { Strip } from '../../parts/strip';
import { readable, secondIn, shortIn } from '../../parts/times';
import { Age, When } from '../../parts/when';
import { Who } from '../../parts/who';
import { lookOf, ruleOf, type ShownCriterion } from './criterion-words';
import { failingSince } from './failing';
import { spanOf, stripLabel, ticksOf, useRuns } from './measured';

interface Props {
  item: Pick<BoardItem, 'id' | 'owners'>;
  criteria: readonly ShownCriterion[];
  plan: Item | undefined;
}

export function Criteria({ item, criteria, plan }: Props): ReactNode {
  const { launch } = useLaunch();
  const { data: facts = [] } = useAllFacts(launch, { item: item.id });
  const met = criteria.filter(({ state }) => state === 'met' || state === 'waived').length;
  if (criteria.length === 0) return null;
  const isMeasured = criteria.some(({ automatic }) => automatic);
  const about = criteria.length > 1 ? 'all of them, at the same time' : undefined;
  return (
    <Section id="criteria" title="Acceptance criteria" about={about} count={`${met} of ${criteria.length} met`}>
      {isMeasured && <Key />}
      {criteria.map((criterion) => (
        <OneCriterion
          key={criterion.id}
          item={item}
          criterion={{ ...criterion, failingSince: failingSince(facts, criterion.id) }}
          plan={plan}
        />
      ))}
    </Section>
  );
}

/** How to read the strips. */
function Key(): ReactNode {
  const line = { fill: 'none', strokeWidth: 1.5 } as const;
  return (
    <div className="key" role="group" aria-label="How to read the strips">
      <span>
        <svg width="10" height="12" aria-hidden="true">
          <path d="M5 12V0" {...line} stroke="var(--met)" strokeWidth={2} />
        </svg>
        up: passed
      </span>
      <span>
        <svg width="10" height="12" aria-hidden="true">
          <path d="M0 .5h10" {...line} stroke="var(--rule-2)" />
          <path d="M5 1v11" {...line} stroke="var(--notmet)" strokeWidth={2} />
        </svg>
        down: failed
      </span>
      <span>
        <svg width="10" height="12" aria-hidden="true">
          <circle cx="5" cy="6" r="3" {...line} stroke="var(--unsure)" />
        </svg>
        ring: unclear
      </span>
      <span>
        <svg width="10" height="12" aria-hidden="true">
          <path d="M2 3l6 6M8 3l-6 6" {...line} stroke="var(--unsure)" />
        </svg>
        cross: could not run
      </span>
    </div>
  );
}

function OneCriterion({ item, criterion, plan }: Omit<Props, 'criteria'> & { criterion: ShownCriterion }): ReactNode {
  const { board } = useLaunch();
  const now = useNow();
  const planned = plan?.criteria.find(({ id }) => id === criterion.id);
  const rule = plan && planned && ruleOf(planned, plan, item.owners);
  const look = lookOf(criterion, planned, now);
  const isProbed = criterion.automatic && planned?.check?.type !== 'items';
  return (
    <article className="crit">
      <div className="crit-head">
        <div>
          <h3>{criterion.title}</h3>
          {rule && (
            <p className="rulebook">
              {rule.mono !== undefined && <span className="mono">{rule.mono}</span>}
              {rule.mono !== undefined && ' '}
              {rule.words}
            </p>
          )}
        </div>
        <State {...look} why={look.why && readable(look.why, board.timezone)} />
      </div>
      {isProbed ? (
        <Measured item={item.id} criterion={criterion} />
      ) : criterion.automatic ? (
        <p className="counted">{readable(criterion.evidence ?? 'Nothing is counted yet.', board.timezone)}</p>
      ) : (
        <Words criterion={criterion} />
      )}
    </article>
  );
}

function Measured({ item, criterion }: { item: string; criterion: ShownCriterion }): ReactNode {
  const { board, launch } = useLaunch();
  const now = useNow(10_000);
  const { runs, asked } = useRuns(item, criterion.id);
  const span = spanOf(runs, now);
  const { watch } = criterion;
  const last = lastRun(runs.at(-1), watch);
  const zone = board.timezone;
  const passed = runs.findLast(({ outcome }) => outcome === 'passed');
  const all = `/launches/${encodeURIComponent(launch)}/items/${encodeURIComponent(item)}?measurements=${encodeURIComponent(criterion.id)}`;
  return (
    <>
      <Part asked={asked} what="Its measurements">
        {() =>
          last && (
            <Strip runs={runs} {...span} label={stripLabel(criterion.title, runs, zone)} ticks={ticksOf(span, zone)} />
          )
        }
      </Part>
      <dl className="last">
        <div>
          <dt>Last measured</dt>
          <dd>
            {last ? (
              <>
                {secondIn(zone, last.at)}, <Age at={last.at} suffix="ago" />
              </>
            ) : (
              'Not yet'
            )}
          </dd>
        </div>
        {last && (
          <div>
            <dt>Seen</dt>
            <dd className="seen">
              {last.seen}, took {tookText(last.ms)}
            </dd>
          </div>
        )}
        {passed && last?.outcome !== 'passed' && (
          <div>
            <dt>Last passed</dt>
            <dd>{shortIn(zone, passed.at)}</dd>
          </div>
        )}
        {watch && (
          <div>
            <dt>Watched</dt>
            <dd>{watchText(watch)}</dd>
          </div>
        )}
        <div>
          <dt>History</dt>
          <dd>
            <Link to={all}>
              All measurements<span className="vh"> of {criterion.title}</span>
            </Link>
          </dd>
        </div>
      </dl>
    </>
  );
}

/** Of the log, or as what watches it told since: the log does not keep every run that found nothing new. */
function lastRun(
  logged: MeasurementAnswer | undefined,
  watch: ShownCriterion['watch']
): Pick<MeasurementAnswer, 'at' | 'seen' | 'ms' | 'outcome'> | undefined {
  const told = watch?.last;
  if (!told || (logged && logged.at >= Date.parse(told.at))) return logged;
  return { at: Date.parse(told.at), seen: told.seen, ms: told.tookMs, outcome: told.outcome };
}

function watchText({ everyMs, watched, looking }: NonNullable<ShownCriterion['watch']>): string {
  if (!watched) return 'Nobody looks now';
  return looking ? 'Is looked at now' : `every ${durationText(everyMs)}`;
}

function Words({ criterion }: { criterion: ShownCriterion }): ReactNode {
  const last = criterion.words?.at(-1);
  if (!last) return null;
  const { by, at, evidence, stale } = last;
  return (
    <dl className="last">
      <div>
        <dt>
          <Who id={by} /> said
        </dt>
        <dd>{evidence?.note === undefined ? 'that it is met' : `“${evidence.note}”`}</dd>
      </div>
      <div>
        <dt>When</dt>
        <dd>
          <When at={at} />
        </dd>
      </div>
      {stale && (
        <div>
          <dt>Void since</dt>
          <dd>
            <When at={stale.at} />: {stale.reason}
          </dd>
        </div>
      )}
    </dl>
  );
}
