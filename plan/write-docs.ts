/** Writes what is made from the schema: `node dist/plan/write-docs.js [FOLDER]`, the folder being `docs` by default. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { planJsonSchema, planReference } from './reference';

export function generatedDocs(): { [file: string]: string } {
  return {
    'plan-reference.md': planReference(),
    'plan.schema.json': `${JSON.stringify(planJsonSchema(), null, 2)}\n`,
  };
}

function writeDocs(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(generatedDocs())) writeFileSync(join(folder, file), text);
}

if (require.main === module) writeDocs(process.argv[2] ?? 'docs');
