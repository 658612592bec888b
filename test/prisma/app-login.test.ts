import pg from 'pg';
import { scramVerifier } from '../../prisma/app-login';
import { migrate } from '../../prisma/migrate';
import { openDatabase } from '../../prisma/database';
import { freshDatabase } from '../support/database';

async function asks(url: string, sql = 'SELECT 1'): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

test('Postgres takes what is made of a password for that password, whatever is in it, and for no other', async () => {
  const { admin, newUser } = await freshDatabase();
  for (const password of ['correct-horse', `a'b"c\\d$e%f`, '!'.repeat(200)]) {
    const { name, url } = await newUser();
    await admin(`ALTER ROLE ${name} PASSWORD '${scramVerifier(password)}'`);
    const given = new URL(url);
    given.password = encodeURIComponent(password);
    await expect(asks(given.toString())).resolves.toBeUndefined();
    given.password = encodeURIComponent(`${password}!`);
    await expect(asks(given.toString())).rejects.toMatchObject({ code: '28P01' });
  }
});

test("the verifier is that of RFC 7677's example", () => {
  const verifier = scramVerifier('pencil', Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'));
  expect(verifier).toBe(
    'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU='
  );
});

test('who may not change the role is told what an administrator has to run, and nobody the password', async () => {
  const database = await freshDatabase();
  const { name, url } = await database.newUser();
  await database.admin(`GRANT launch_app TO ${name}`);
  await database.admin(`GRANT ALL ON "_prisma_migrations" TO ${name} WITH GRANT OPTION`);
  const refused = migrate(url, { appPassword: 'not-to-be-seen' });
  await expect(refused).rejects.toMatchObject({ code: 'DATABASE_NOT_READY' });
  await expect(refused).rejects.toThrow('ALTER ROLE launch_app LOGIN');
  await expect(refused).rejects.not.toThrow('not-to-be-seen');
});

test('the application reads which migrations were applied, as a login that owns nothing', async () => {
  const database = await freshDatabase();
  await migrate(database.url);
  const { name, url } = await database.newUser();
  await database.admin(`GRANT launch_app TO ${name}`);
  await expect(asks(url, 'SELECT migration_name FROM _prisma_migrations')).resolves.toBeUndefined();
  const opened = openDatabase(url);
  await expect(opened.client.launch.count()).resolves.toBe(0);
  await opened.close();
});
