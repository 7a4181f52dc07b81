import '../harness/jest-setup';

import { killServers } from '../harness/server-process';

// What is broken here takes minutes to be right again.
jest.setTimeout(900_000);

// A server that a failed test left running would keep jest from ending.
afterAll(killServers);
