import { askAs, ask } from '../support/gateway';
import { gatewayAlone, OPERATOR_TOKEN, type GatewayAlone } from '../support/gateway-alone';

/** What the gateway decides by itself, whatever Temporal and the database say. */
let own: GatewayAlone | undefined;

async function start(...given: Parameters<typeof gatewayAlone>): Promise<GatewayAlone> {
  own = await gatewayAlone(...given);
  return own;
}

afterEach(async () => {
  await own?.close();
  own = undefined;
});

describe('what is of this machine', () => {
  const actAs = (headers: { [name: string]: string }) =>
    ask(`${own!.url}/api/me`, { token: OPERATOR_TOKEN, actAs: 'ana', headers });

  test.each([
    ['x-forwarded-for', '127.0.0.1'],
    ['x-forwarded-host', 'localhost'],
    ['x-forwarded-proto', 'https'],
    ['forwarded', 'for=127.0.0.1'],
    ['x-real-ip', '127.0.0.1'],
    ['via', '1.1 proxy'],
    ['true-client-ip', '127.0.0.1'],
    ['cf-connecting-ip', '127.0.0.1'],
  ])('what has %s came through a proxy', async (name, value) => {
    await start();
    expect((await actAs({})).status).toBe(200);
    expect((await actAs({ [name]: value })).body).toMatchObject({ status: 403, code: 'ACT_AS_REFUSED' });
    expect(await askAs('localhost', `${own!.url}/metrics`, { [name]: value })).toBe(401);
  });

  test('nothing is, where a proxy stands in front', async () => {
    await start({ proxies: 1 });
    expect((await actAs({})).body).toMatchObject({ status: 403, code: 'ACT_AS_REFUSED' });
    expect(await askAs('localhost', `${own!.url}/metrics`)).toBe(401);
  });
});

describe('whose address it is', () => {
  const signIn = (forwarded: string) =>
    ask(`${own!.url}/api/session`, { body: { token: 'launch_guess' }, headers: { 'x-forwarded-for': forwarded } });
  const guesses = async (forwarded: (n: number) => string): Promise<number[]> => {
    const statuses: number[] = [];
    for (let n = 0; n < 40; n++) statuses.push((await signIn(forwarded(n))).status);
    return statuses;
  };

  test('a proxy adds it, and what the sender claims before it is not believed', async () => {
    await start({ proxies: 1 });
    expect((await guesses((n) => `198.51.100.${n}, 203.0.113.9`)).at(-1)).toBe(429);
    expect((await signIn('203.0.113.9, 203.0.113.10')).status).toBe(401);
  });

  test('of two proxies the first one does', async () => {
    await start({ proxies: 2 });
    expect((await guesses((n) => `198.51.100.${n}, 203.0.113.9, 192.0.2.${n}`)).at(-1)).toBe(429);
    expect((await signIn('203.0.113.9, 203.0.113.10, 192.0.2.1')).status).toBe(401);
  });

  test('without a proxy nothing that is sent is believed', async () => {
    await start();
    expect((await guesses((n) => `198.51.100.${n}`)).at(-1)).toBe(429);
  });
});
