import '../harness/jest-setup';

import { killServers } from '../harness/server-process';
import { MEASURE } from './measure';

// What is broken here takes minutes to be right again.
jest.setTimeout(MEASURE.withinMs);

// A server that a failed test left running would keep jest from ending.
afterAll(killServers);
