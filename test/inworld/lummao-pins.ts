/** The releases of lummao and of all that it draws in, by the Python that they run under. */

export const LUMMAO = '0.5.2';

const ALWAYS = [`lummao==${LUMMAO}`] as const;

/** No one set of releases installs on every Python that lummao runs under. */
const NEWEST = [
  ...ALWAYS,
  'aiohappyeyeballs==2.7.1',
  'aiohttp==3.14.5',
  'aiosignal==1.4.0',
  'attrs==26.1.0',
  'bytecode==0.19.1',
  'frozenlist==1.8.0',
  'idna==3.20',
  'multidict==7.2.1',
  'propcache==0.5.4',
  'typing_extensions==4.16.0',
  'yarl==1.25.1',
] as const;

/** To be installed with `--no-deps`: each set is complete. */
export const PINS: Readonly<Record<string, readonly string[]>> = {
  '3.8': [
    ...ALWAYS,
    'aiohappyeyeballs==2.4.4',
    'aiohttp==3.10.11',
    'aiosignal==1.3.1',
    'async_timeout==5.0.1',
    'attrs==25.3.0',
    'bytecode==0.16.2',
    'frozenlist==1.5.0',
    'idna==3.15',
    'multidict==6.1.0',
    'propcache==0.2.0',
    'typing_extensions==4.13.2',
    'yarl==1.15.2',
  ],
  '3.9': [
    ...ALWAYS,
    'aiohappyeyeballs==2.6.1',
    'aiohttp==3.13.5',
    'aiosignal==1.4.0',
    'async_timeout==5.0.1',
    'attrs==26.1.0',
    'bytecode==0.17.0',
    'frozenlist==1.8.0',
    'idna==3.20',
    'multidict==6.7.1',
    'propcache==0.4.1',
    'typing_extensions==4.16.0',
    'yarl==1.22.0',
  ],
  '3.10': [
    ...ALWAYS,
    'aiohappyeyeballs==2.7.1',
    'aiohttp==3.14.5',
    'aiosignal==1.4.0',
    'async_timeout==5.0.1',
    'attrs==26.1.0',
    'bytecode==0.17.0',
    'frozenlist==1.8.0',
    'idna==3.20',
    'multidict==7.1.0',
    'propcache==0.5.4',
    'typing_extensions==4.16.0',
    'yarl==1.25.1',
  ],
  '3.11': NEWEST,
  '3.12': NEWEST,
};
