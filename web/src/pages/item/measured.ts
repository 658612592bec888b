import { useMemo } from 'react';
import { DAY, HOUR, MINUTE } from '../../../../domain/units';
import { useNewestMeasurements, type Asked } from '../../api/queries';
import type { MeasurementAnswer, MeasurementsAnswer } from '../../api/types';
import { useLaunch, useMeasurements } from '../../live/use-launch';
import { dayAndTime, dayIn, timeIn } from '../../parts/times';

export interface Runs {
  /** The oldest first: those of the log, and those that came since. */
  runs: MeasurementAnswer[];
  /** There are older ones. */
  hasMore: boolean;
  asked: Asked<MeasurementsAnswer>;
}

export function useRuns(item: string, criterion: string): Runs {
  const { launch } = useLaunch();
  const asked = useNewestMeasurements(launch, item, criterion);
  const heard = useMeasurements({ item, criterion });
  const { data } = asked;
  const runs = useMemo(() => {
    const all = new Map([...(data?.measurements ?? []), ...heard].map((run) => [run.id, run]));
    return [...all.values()].sort((a, b) => a.at - b.at);
  }, [data, heard]);
  return { runs, hasMore: Boolean(data?.next), asked };
}

const STEPS = [MINUTE, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR];
const MOST_TICKS = 7;
/** A picture of less would show nothing. */
const LEAST_SPAN = 10 * MINUTE;

/** From the first of the runs to now, rounded so that it does not move with every second. */
export function spanOf(runs: readonly MeasurementAnswer[], now: number): { from: number; to: number } {
  const to = Math.max(now, runs.at(-1)?.at ?? 0);
  return { from: Math.min(runs[0]?.at ?? to, to - LEAST_SPAN), to };
}

/** Instants at round times, and now. */
export function ticksOf({ from, to }: { from: number; to: number }, zone: string): Array<{ at: number; text: string }> {
  const span = to - from;
  const step = STEPS.find((each) => span / each <= MOST_TICKS) ?? DAY * Math.ceil(span / DAY / MOST_TICKS);
  const ticks: Array<{ at: number; text: string }> = [];
  // Near the end the word "now" stands.
  for (let at = Math.ceil(from / step) * step; at < to - span / 20; at += step)
    ticks.push({ at, text: step >= DAY ? dayIn(zone, at) : timeIn(zone, at) });
  return [...ticks, { at: to, text: 'now' }];
}

const WORDS = { passed: 'passed', failed: 'failed', inconclusive: 'unclear', errored: 'could not run' } as const;

export function outcomeWord(outcome: MeasurementAnswer['outcome']): string {
  return WORDS[outcome];
}

/** One sentence in place of the picture. */
export function stripLabel(title: string, runs: readonly MeasurementAnswer[], zone: string): string {
  const [first, last] = [runs[0], runs.at(-1)];
  if (!first || !last) return `“${title}” was not measured yet.`;
  const counts = (Object.keys(WORDS) as Array<keyof typeof WORDS>).flatMap((outcome) => {
    const count = runs.filter((run) => run.outcome === outcome).length;
    return count > 0 ? [`${count} ${WORDS[outcome]}`] : [];
  });
  const from = dayAndTime(zone, first.at);
  return `Runs of “${title}” since ${from}: ${counts.join(', ')}; the last one ${WORDS[last.outcome]}.`;
}
