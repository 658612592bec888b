import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { LedgerHead } from '../../domain/ledger';
import { openDatabase } from '../../prisma/database';
import { createLedger } from '../../prisma/ledger';
import { migrate } from '../../prisma/migrate';
import { createStore } from '../../prisma/store';
import { projectRoot } from '../../stack/paths';
import { freePorts } from '../../stack/ports';
import { unprivileged } from '../support/image';

/** The lines of docs/deploy.md that back up and restore, typed on a Postgres of this machine that has their programs. */
const PROGRAMS = ['initdb', 'pg_ctl', 'pg_dump', 'pg_restore', 'dropdb', 'createdb'];
const PASSWORD = 'of-the-app';
const LAUNCH = 'storefront';

function programs(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).map((each) => join(debian, each, 'bin')) : [];
  const folders = [...versions, ...(process.env['PATH'] ?? '').split(':')];
  return folders.find((folder) => PROGRAMS.every((name) => existsSync(join(folder, name))));
}

const bin = programs();
const guide = readFileSync(join(projectRoot(), 'docs', 'deploy.md'), 'utf8');
const [backUp = [], restore = []] = [
  ...guide.slice(guide.indexOf('## Backup and restore')).matchAll(/^```sh\n([\s\S]*?)^```/gm),
].map(([, text = '']) => text.trim().split('\n'));

test('the guide has lines for all three databases, both ways', () => {
  expect(backUp.filter((line) => line.includes(' pg_dump '))).toHaveLength(3);
  for (const program of ['dropdb', 'createdb', 'pg_restore'])
    expect(restore.filter((line) => line.includes(` ${program} `))).toHaveLength(3);
});

/** A cluster with the users that the images of Postgres make, who are superusers there. */
class Host {
  private readonly cluster: string;

  constructor(
    private readonly home: string,
    readonly port: number
  ) {
    this.cluster = join(home, `cluster-${port}`);
    mkdirSync(this.cluster);
    if (unprivileged.uid !== undefined) chownSync(this.cluster, unprivileged.uid, unprivileged.gid);
    this.run(`initdb --no-sync --auth=trust --username=launch_owner -D ${this.cluster}`);
    const options = `-h 127.0.0.1 -p ${port} -k ${this.cluster} -F`;
    this.run(`pg_ctl start --wait -D ${this.cluster} -l ${this.cluster}/log -o "${options}" > ${this.cluster}/out`);
  }

  stop(): void {
    this.run(`pg_ctl stop --wait --mode=immediate -D ${this.cluster}`);
  }

  run(line: string): void {
    const env = { PATH: `${bin}:${process.env['PATH']}`, PGHOST: '127.0.0.1', PGPORT: String(this.port), LC_ALL: 'C' };
    const { status, stdout, stderr } = spawnSync('sh', ['-c', line], {
      cwd: this.home,
      env,
      encoding: 'utf8',
      ...unprivileged,
    });
    expect({ line, status, said: status === 0 ? '' : stdout + stderr }).toEqual({ line, status: 0, said: '' });
  }

  url(user: string, name = 'launch'): string {
    return `postgresql://${user}:${PASSWORD}@127.0.0.1:${this.port}/${name}`;
  }

  /** As whoever owns the database, who is a superuser here. */
  async sql(statement: string, name = 'launch'): Promise<unknown[]> {
    const client = new pg.Client(this.url('launch_owner', name));
    await client.connect();
    try {
      return (await client.query(statement)).rows;
    } finally {
      await client.end();
    }
  }

  async migrate(): Promise<void> {
    await migrate(this.url('launch_owner'), { appPassword: PASSWORD });
  }

  async begun(): Promise<void> {
    await this.sql('CREATE DATABASE launch', 'postgres');
    await this.sql('CREATE ROLE temporal LOGIN SUPERUSER', 'postgres');
    await this.sql('CREATE DATABASE temporal OWNER temporal', 'postgres');
  }

  /** What containers of ours would do is done here; what starts and stops them is not needed. */
  async type(lines: readonly string[]): Promise<void> {
    for (const line of lines) {
      const [, program] = /^docker compose exec -T \S+ (.*)$/.exec(line) ?? [];
      if (program !== undefined || line.startsWith('mkdir ')) this.run(program ?? line);
      else if (/^docker compose (run --rm migrate|up --detach)(?! --wait) *(#.*)?$/.test(line)) await this.migrate();
      else expect(line).toMatch(/^(launch ledger verify|docker compose (--profile draining stop|up --detach --wait)) /);
    }
  }

  async write(seq: number): Promise<LedgerHead> {
    const database = openDatabase(this.url('launch_app'));
    const facts = [{ seq, at: 1_700_000_000_000 + seq, type: 'noted', body: { text: `fact ${seq}` } }];
    const workflow = { id: `launch:${LAUNCH}`, firstRunId: 'run' };
    try {
      return (await createStore(database).recordFacts({ launch: LAUNCH, workflow, facts, rowSeq: seq })).head;
    } finally {
      await database.close();
    }
  }

  async verified(head: LedgerHead) {
    const database = openDatabase(this.url('launch_app'));
    try {
      return await createLedger(database).verify(LAUNCH, [{ ...head, from: 'heads.json' }]);
    } finally {
      await database.close();
    }
  }
}

if (bin) {
  describe('typed on a Postgres', () => {
    let home: string;
    const hosts: Host[] = [];

    async function host(): Promise<Host> {
      const [port = 0] = await freePorts([undefined]);
      const made = new Host(home, port);
      hosts.push(made);
      await made.begun();
      return made;
    }

    beforeAll(() => {
      home = mkdtempSync(join(tmpdir(), 'launch-backup-'));
      chmodSync(home, 0o755);
      if (unprivileged.uid !== undefined) chownSync(home, unprivileged.uid, unprivileged.gid);
    });
    afterAll(() => {
      for (const each of hosts) each.stop();
      rmSync(home, { recursive: true, force: true });
    });

    test('what was backed up is restored, on the same host and on a new one, with its rights and nothing else', async () => {
      const before = await host();
      await before.migrate();
      await before.sql('CREATE DATABASE temporal_visibility OWNER temporal', 'postgres');
      for (const name of ['temporal', 'temporal_visibility'])
        await before.sql('CREATE TABLE executions AS SELECT 7 AS run', name);
      const head = await before.write(1);
      await before.type(backUp);
      const later = await before.write(2);
      await before.sql('CREATE TABLE "OfALaterVersion" (id int)');

      for (const after of [before, await host()]) {
        await after.type(restore);
        expect(await after.verified(head)).toMatchObject({ entries: head.number, broken: 0, vouchedTo: head.number });
        expect((await after.verified(later)).findings).toMatchObject([{ code: 'CUT', number: later.number }]);
        expect(await after.sql(`SELECT to_regclass('"OfALaterVersion"') AS found`)).toEqual([{ found: null }]);
        for (const name of ['temporal', 'temporal_visibility'])
          expect(await after.sql('SELECT run FROM executions', name)).toEqual([{ run: 7 }]);
        // A restored ledger goes on, and is as well guarded as before.
        expect((await after.write(2)).number).toBe(later.number);
        const app = new pg.Client(after.url('launch_app'));
        await app.connect();
        await expect(app.query('UPDATE "Fact" SET "body" = NULL')).rejects.toMatchObject({ code: '42501' });
        await expect(app.query('DELETE FROM "Fact"')).rejects.toMatchObject({ code: '42501' });
        await app.end();
      }
    });
  });
}
