import type { Quorum } from '../domain/plan';

/** How many answers are enough, in words. */
export function quorumText(quorum: Quorum): string {
  if (quorum === 'any') return 'any of them';
  if (quorum === 'all') return 'all of them';
  if (typeof quorum === 'number') return `${quorum} of them`;
  return Object.entries(quorum)
    .map(([role, count]) => `${count} × ${role}`)
    .join(', ');
}
