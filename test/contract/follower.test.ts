/** Runs the contract of FollowerStore on the fake and on MongoDB alike. */
import { createFollowerStore } from '../../src/mongo/upkeep/follower';
import { createFakeFollowerStore } from '../support/fakes/follower-store';
import { followerStoreContract } from './follower.contract';
import { onMongo } from './on-mongo';

describe("the follower's place in memory", () => {
  followerStoreContract(async () => createFakeFollowerStore());
});

describe("the follower's place on MongoDB", () => {
  followerStoreContract(onMongo(createFollowerStore));
});
