/** What the settings accept, refuse and hide. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect, parseEnv } from 'node:util';
import { ConfigFault, loadConfig, readConfig } from '../src/config';
import { environment } from '../src/env-schema';
import { isDatabaseAddress } from '../src/mongo/address';

const SECRET_KEY = Buffer.alloc(32, 7).toString('base64');
const LEAST = {
  PROVIDER_URL: 'https://provider.example/',
  PROVIDER_TOKEN: 'EXAMPLE-ONLY-token',
  SECRET_KEY,
};

function faultsOf(env: NodeJS.ProcessEnv, dotEnvText: string | null = null): readonly string[] {
  try {
    readConfig(env, dotEnvText, isDatabaseAddress);
  } catch (error) {
    if (error instanceof ConfigFault) return error.faults;
    throw error;
  }
  return [];
}

const faultOf = (env: NodeJS.ProcessEnv): string | undefined =>
  faultsOf({ ...LEAST, ...env }).join('\n') || undefined;

describe('settings', () => {
  it('start from the three required ones, with the promised defaults for the rest', () => {
    const { provider, secretKeys, ...rest } = readConfig(LEAST, null);
    expect(provider.url).toBe('https://provider.example');
    expect(provider.token.reveal()).toBe('EXAMPLE-ONLY-token');
    expect(secretKeys.reveal()).toEqual([Buffer.alloc(32, 7)]);
    expect(rest).toEqual({
      boxHints: 'public',
      http: { host: '127.0.0.1', port: 8080, trustedProxies: 0 },
      metrics: { host: '127.0.0.1', port: 9464 },
      mongo: { uri: null, dataDir: '.data', mongodBinary: null },
      adminKey: null,
      sweeps: { resyncCron: '30 3 * * *', settleCron: '* * * * *' },
      logLevel: 'info',
      settings: {
        zone: 'America/Los_Angeles',
        graceHours: 72,
        dueDays: 3,
        holdDays: 14,
        matchWindowS: 900,
        breakOwner: 'estate',
        lookupMinutes: [1, 5, 15, 60],
        lookupDays: 3,
        gridShard: 'Production',
      },
    });
  });

  it('cannot be changed once read', () => {
    const config = readConfig(LEAST, null);
    const parts = [config, ...Object.values(config), config.settings.lookupMinutes];
    expect(parts.filter((part) => !Object.isFrozen(part))).toEqual([]);
  });

  it('come from the file, unless the environment says otherwise', () => {
    const file = 'PORT=1\nMETRICS_PORT=2\nBREAK_OWNER="Ann # Lee"\n# LOG_LEVEL=debug';
    const config = readConfig({ ...LEAST, PORT: '3' }, `\uFEFF${file}`);
    expect([config.http.port, config.metrics.port]).toEqual([3, 2]);
    expect([config.settings.breakOwner, config.logLevel]).toEqual(['Ann # Lee', 'info']);
  });

  it('count as unset when they are empty, in the environment and in the file', () => {
    const env = { ...LEAST, PORT: '', HOST: '  ', ADMIN_KEY: '' };
    expect(readConfig(env, 'PORT=99\nHOST=').http).toMatchObject({ host: '127.0.0.1', port: 99 });
    expect(faultsOf({ ...LEAST, PROVIDER_TOKEN: '' })).toHaveLength(1);
  });

  it('name every fault at once, and what to give instead', () => {
    const faults = faultsOf({ PORT: 'http', TIME_ZONE: 'Mars/Base' }, 'LOOKUP_MINUTES=5,1');
    expect(faults.map((fault) => fault.split(' ')[0])).toEqual([
      'PORT',
      'PROVIDER_URL',
      'PROVIDER_TOKEN',
      'SECRET_KEY',
      'TIME_ZONE',
      'LOOKUP_MINUTES',
    ]);
    expect(faults[0]).toBe(
      'PORT is "http": give a whole number from 0 to 65535 (0 = chosen by the system).',
    );
    const { message } = new ConfigFault(faults);
    expect(message).toMatch(/^The service cannot start: 6 settings are at fault\.\n {2}- PORT /);
    for (const fault of faults) expect(message).toContain(`\n  - ${fault}\n`);
  });

  it.each<[string, string[]]>([
    ['PORT', ['-1', '65536', '80.5', '0x50', '1e3', 'http']],
    ['METRICS_PORT', ['70000']],
    ['HOST', ['http://127.0.0.1', 'a b']],
    ['MONGODB_URI', ['http://db.example', 'mongodb://', 'db.example']],
    ['PROVIDER_URL', ['ws://p.example', 'p.example', 'https://u:w@p.example', 'https://p.e/?a=1']],
    ['PROVIDER_TOKEN', ['two words', 'Zoë']],
    ['ADMIN_KEY', ['x'.repeat(31), 'x'.repeat(513), `${'x'.repeat(20)} ${'x'.repeat(20)}`]],
    [
      'SECRET_KEY',
      ['short', Buffer.alloc(31).toString('base64'), `${SECRET_KEY},`, 'f'.repeat(64)],
    ],
    ['TIME_ZONE', ['SLT', 'local', 'utc+3', '+02:00']],
    ['RESYNC_CRON', ['daily', '@daily', '* * * *', '61 * * * *', '0 0 30 2 *', '* * * * * * *']],
    ['SETTLE_CRON', ['every minute']],
    ['MATCH_WINDOW_S', ['-1', '1.5', 'soon']],
    ['GRACE_HOURS', ['-1', '9000', '1e2', 'NaN', 'Infinity']],
    ['BREAK_OWNER', ['x'.repeat(101)]],
    ['DUE_DAYS', ['-0.5']],
    ['HOLD_DAYS', ['0']],
    ['LOOKUP_MINUTES', ['0,1', '5,1', '1,1', '1,,2', '1;2', '-1']],
    ['LOOKUP_DAYS', ['0', 'three']],
    ['TRUST_PROXY', ['on', '-1', '1.5', 'true']],
    ['LOG_LEVEL', ['verbose']],
    ['GRID_SHARD', ['Prod\u0000uction']],
  ])('refuse a malformed %s', (name, values) => {
    for (const value of values) expect(faultOf({ [name]: value })).toMatch(new RegExp(`^${name} `));
  });

  it.each([
    ['PORT', '0'],
    ['HOST', '::'],
    ['GRACE_HOURS', '0.5'],
    ['DUE_DAYS', '0'],
    ['HOLD_DAYS', '0.01'],
    ['LOOKUP_MINUTES', '0.05, 0.1,2'],
    ['LOOKUP_DAYS', '0.25'],
    ['SETTLE_CRON', '*/5 * * * * *'],
    ['TRUST_PROXY', '2'],
    ['LOG_LEVEL', 'WARN'],
    ['ADMIN_KEY', 'x'.repeat(32)],
    ['ADMIN_KEY', 'x'.repeat(512)],
    ['MONGODB_URI', 'mongodb+srv://ann:example@db.example/tier?w=1'],
    ['SECRET_KEY', `${SECRET_KEY}, ${Buffer.alloc(32, 8).toString('base64')}`],
  ])('accept %s=%s', (name, value) => {
    expect(faultOf({ [name]: value })).toBeUndefined();
  });
});

describe('secrets among the settings', () => {
  const secrets = {
    PROVIDER_TOKEN: 'EXAMPLE-ONLY-provider-token',
    ADMIN_KEY: 'EXAMPLE-ONLY-admin-key-0123456789abcdef',
    MONGODB_URI: 'mongodb://ann:EXAMPLE-ONLY-password@db.example/tier',
    SECRET_KEY,
  };

  it('show neither in JSON, nor printed, nor inspected, and are there when asked for', () => {
    const config = readConfig({ ...LEAST, ...secrets }, null);
    const shown = [
      JSON.stringify(config),
      inspect(config, { depth: 9, showHidden: true }),
      `${config.adminKey} ${config.mongo.uri}`,
    ].join('\n');
    for (const secret of Object.values(secrets)) expect(shown).not.toContain(secret);
    expect(shown).not.toMatch(/EXAMPLE-ONLY|07 07|:7,/);
    expect(config.mongo.uri?.reveal()).toBe(secrets.MONGODB_URI);
  });

  it.each([
    ['an @ in the password', 'mongodb://ann:SHOWN@x@db.example/tier'],
    ['no server', 'mongodb://ann:SHOWN@'],
    ['an option that nobody knows', 'mongodb://db.example/?SHOWN=bar'],
    ['a port that is none', 'mongodb://db.example:SHOWN'],
    ['half a percent sign', 'mongodb://db.example/SHOWN%zz'],
    ['a name that no database can have', 'mongodb://db.example/SHOWN.b'],
  ])('refuse a database address with %s beside all other faults', (_, uri) => {
    const faults = faultsOf({ ...LEAST, PORT: 'http', MONGODB_URI: uri });
    expect(faults.map((fault) => fault.split(' ')[0])).toEqual(['PORT', 'MONGODB_URI']);
    expect(faults.join('\n')).not.toContain('SHOWN');
  });

  it('are not repeated by the fault that refuses them', () => {
    const refused = { PROVIDER_TOKEN: 'a b-SHOWN', ADMIN_KEY: 'SHOWN', SECRET_KEY: 'SHOWN' };
    const faults = faultsOf({ ...LEAST, ...refused, MONGODB_URI: 'SHOWN' });
    expect(faults).toHaveLength(4);
    expect(faults.join('\n')).not.toContain('SHOWN');
    expect(faultOf({ PROVIDER_URL: 'https://ann:SHOWN@p.example' })).not.toContain('SHOWN');
  });
});

describe('the file .env', () => {
  const home = process.cwd();
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tier-config-'));
    process.chdir(folder);
    for (const name of Object.keys(environment.shape)) delete process.env[name];
  });

  afterEach(() => {
    process.chdir(home);
    rmSync(folder, { recursive: true });
  });

  it('is read from the working directory where it exists', () => {
    expect(() => loadConfig()).toThrow('3 settings are at fault');
    const lines = Object.entries(LEAST).map(([name, value]) => `${name}="${value}"`);
    writeFileSync('.env', lines.join('\n'));
    expect(loadConfig().provider.token.reveal()).toBe(LEAST.PROVIDER_TOKEN);
  });

  it('is a fault when it is there but cannot be read', () => {
    mkdirSync('.env');
    expect(() => loadConfig()).toThrow('The file .env is there but cannot be read');
  });

  it('has an example that names each setting with its default', () => {
    const example = readFileSync(join(home, '.env.example'), 'utf8');
    const asGiven = parseEnv(example);
    const withDefaults = parseEnv(example.replace(/^# (?=[A-Z_]+=)/gm, ''));
    expect(Object.keys(withDefaults).sort()).toEqual(Object.keys(environment.shape).sort());
    expect(Object.values(asGiven).join('')).toBe('');
    const read = readConfig({ ...withDefaults, ...LEAST }, null);
    expect(JSON.stringify(read)).toBe(JSON.stringify(readConfig(LEAST, null)));
  });
});
