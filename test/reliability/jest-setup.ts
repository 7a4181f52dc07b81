import '../harness/jest-setup';

import { killServers } from '../harness/server-process';
import { MEASURE } from './measure';

// Recovering from what these suites break takes minutes.
jest.setTimeout(MEASURE.withinMs);

// A server left running by a failed test would keep jest from exiting.
afterAll(killServers);
