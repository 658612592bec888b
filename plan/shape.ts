/** Holds a parsed document against the schema, and says everything that does not fit at once. */
import { knownKeys, toFindings } from './issues';
import { error, formatPath, show, type Finding } from './problem';
import { planDocument, type PlanDocument } from './schema';

export interface Shape {
  document?: PlanDocument;
  findings: Finding[];
}

/** `document` is there exactly when there is no finding. */
export function checkShape(value: unknown): Shape {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const message = `a plan document is a mapping that begins with \`version: 1\`; found ${show(value)}`;
    return {
      findings: [
        error('NOT_A_PLAN', [], { found: show(value), expected: 'a mapping with version, title, …', message }),
      ],
    };
  }
  const result = planDocument.safeParse(value, { error: knownKeys });
  if (result.success) return { document: result.data, findings: [] };
  const findings = result.error.issues.flatMap((issue) => toFindings(issue, value));
  const unknown = new Set(
    findings.filter(({ code }) => code === 'UNKNOWN_KEY').map(({ path }) => formatPath(path.slice(0, -1)))
  );
  // A misspelt key explains why its mapping seems to lack something.
  const isNoise = ({ code, path }: Finding) => code === 'SCHEMA' && unknown.has(formatPath(path));
  return { findings: findings.filter((finding) => !isNoise(finding)) };
}
