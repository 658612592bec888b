import { sql } from '../../database';

/** What was done with a person's data, the latest first. */
export const auditOf = (subject: string) => sql`SELECT * FROM pii_audit_log WHERE subject = ${subject}`;
