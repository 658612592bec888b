import { deploymentOf } from '../../cli/deployment-options';
import { readConfig } from '../../config';

const NAMES = ['LAUNCH_DEPLOYMENT', 'LAUNCH_BUILD_ID'] as const;
const before = NAMES.map((name) => [name, process.env[name]] as const);

function set(deployment: string, buildId: string): void {
  [process.env['LAUNCH_DEPLOYMENT'], process.env['LAUNCH_BUILD_ID']] = [deployment, buildId];
}
afterEach(() => {
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

test('the options go before the environment; an empty variable is none', () => {
  set('launches', '1.0.0-a');
  expect(deploymentOf({})).toEqual({ deployment: 'launches', buildId: '1.0.0-a' });
  expect(deploymentOf({ deployment: 'other', buildId: 'b' })).toEqual({ deployment: 'other', buildId: 'b' });
  set('', '');
  expect(deploymentOf({})).toEqual({});
});

test('a build id alone is refused: a worker that is meant to be versioned is never started without a version', () => {
  set('', '');
  expect(() => deploymentOf({ buildId: '1.0.0' })).toThrow('--deployment NAME');
});

test.each([
  ['--deployment', { deployment: 'a.b' }],
  ['--deployment', { deployment: 'a:b' }],
  ['--deployment', { deployment: '' }],
  ['--build-id', { deployment: 'a', buildId: 'x:y' }],
  ['--build-id', { deployment: 'a', buildId: 'x'.repeat(101) }],
])('%s that Temporal could not tell apart is refused: %j', (option, given) => {
  expect(() => deploymentOf(given)).toThrow(option);
});

test.each([
  ['LAUNCH_DEPLOYMENT', 'a.b'],
  ['LAUNCH_BUILD_ID', 'x y'],
])('%s that cannot be used is named', (name, value) => {
  expect(() => readConfig({ [name]: value })).toThrow(`${name}: found '${value}'`);
});

test('a password that cannot be used is named and never repeated', () => {
  for (const value of ['short', 'with a space in it', 'ümläute-überall'])
    expect(() => readConfig({ LAUNCH_APP_PASSWORD: value })).toThrow(/^LAUNCH_APP_PASSWORD: found something else/);
});
