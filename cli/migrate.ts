import { command } from './command';

export const migrate = () =>
  command<{ chain?: boolean }>(
    'migrate',
    {
      summary: 'bring the database up to date; safe to run again, and by several at once',
      examples: [
        'DATABASE_URL=postgres://launch@db.example.com/launch launch migrate',
        'DATABASE_URL=postgres://owner@… LAUNCH_APP_PASSWORD=… launch migrate',
      ],
    },
    async ({ options, say, answer }) => {
      const { migrateDatabase } = await import('../stack/migrate-database.js');
      const applied = await migrateDatabase(options.data, { report: say, chain: options.chain });
      if (applied.length === 0) say('The database is up to date.');
      answer({ applied });
    }
  ).option('--chain', 'put facts that a worker of a version without chains wrote into them');
