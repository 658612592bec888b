import { publicAccess, type Access } from '../../activities/checks/access';

/** What a test's checks may reach: this machine, and every variable that the test gives. */
export function localAccess(root: string, more: Partial<Access> = {}): Access {
  return { ...publicAccess(root), allowLocal: true, env: ['*'], ...more };
}
