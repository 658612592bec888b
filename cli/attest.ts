import { command } from './command';
import { evidenceOf, withEvidence, type EvidenceOptions } from './evidence';
import { sayToItem } from './say';

export const attest = () =>
  withEvidence(
    command<EvidenceOptions>(
      'attest <launch> <item> [criterion]',
      {
        summary: 'give your word that a criterion is met; without a name, the only one you can answer',
        examples: [
          'launch attest storefront-2 BLOCKER-STAGING pilot-in --as pilot',
          'launch attest storefront-2 BLOCKER-STAGING pilot-in --link https://ci.example.com/7 --file shot.png --as pilot',
        ],
        says: true,
      },
      async (context, [launch = '', item = '', criterion]) => {
        const evidence = await evidenceOf(context.options);
        await sayToItem(context, [launch, item], { type: 'attest', criterion, evidence });
      }
    )
  );
