/** Runs the contract of FollowerStore on the fake and on MongoDB alike. */
import { createFakeFollowerStore } from '../support/fakes/follower-store';
import { followerStoreContract } from './follower.contract';

describe("the follower's place in memory", () => {
  followerStoreContract(async () => createFakeFollowerStore());
});
