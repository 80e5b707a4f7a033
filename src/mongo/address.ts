/** Reads the address of a database as the driver will, without reaching for the network. */
import { mongo } from 'mongoose';

/** What a server takes as a database's name. */
const DATABASE_NAME = /^[^\0/\\. "$]{1,63}$/;

/** Whether the driver and the server will take it; what is wrong is not told, it may be secret. */
export function isDatabaseAddress(uri: string): boolean {
  try {
    new mongo.MongoClient(uri);
    const name = databaseIn(uri);
    return name === null || DATABASE_NAME.test(name);
  } catch {
    return false;
  }
}

/** The path of the address, which for the driver names only where users are looked up. */
export function databaseIn(uri: string): string | null {
  const path = /^mongodb(?:\+srv)?:\/\/[^/?]+\/([^?]+)/.exec(uri)?.[1];
  return path === undefined ? null : decodeURIComponent(path);
}
