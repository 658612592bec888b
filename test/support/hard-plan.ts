/** A word that no column has room for. */
export const LONG_WORD = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'.repeat(2);
export const ARABIC = 'إطلاق المتجر الجديد في الشرق الأوسط';
export const HEBREW = 'האם התשלומים עובדים גם בשבת?';
/** As long as an id may be. */
export const LONG_ID = 'A'.repeat(63);

/** A plan whose names are as people write them at worst: without spaces, right to left, with marks of HTML. */
export const HARD_PLAN = (id: string): string => `
version: 1
id: ${id}
title: "${ARABIC} — ${LONG_WORD}"
timezone: Asia/Kathmandu
launch: { at: +48h, finalPoll: 1m, authority: { roles: [ceo, manager], quorum: all } }
people:
  - { id: ceo, name: Clara }
  - { id: manager, name: Mia }
  - { id: devops, name: Dora }
  - { id: qa, name: Quin }
items:
  - id: ${LONG_ID}
    kind: blocker
    title: "${LONG_WORD}"
    impact: "${LONG_WORD}"
    owners: [devops, qa, manager, ceo]
    deadline: +24h
    acceptance:
      - { id: ${LONG_ID}, title: "${LONG_WORD}", attest: { by: [qa] } }
  - { id: HEBREW, title: "${HEBREW}", owners: [manager], after: [${LONG_ID}], acceptance: [ { id: word, title: Word, attest: { by: [qa] } } ] }
  - { id: HTML, title: "<b>not HTML</b> & more", owners: [devops], acceptance: [ { id: word, title: Word, attest: { by: [qa] } } ] }
gates:
  must: [ { item: ${LONG_ID} }, { item: HEBREW }, { item: HTML } ]
`;
