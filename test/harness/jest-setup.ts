import axios from 'axios';

import { closeBrowsers } from './browser';

// Jest takes a timeout for all projects or here. A start of n8n may take a minute on a slow machine.
jest.setTimeout(180_000);

// A browser that a failed test left open would keep jest from ending.
afterAll(closeBrowsers);

// n8n closes a connection that has idled for five seconds, maybe just when the next suite uses it: none is kept.
axios.defaults.headers.common.Connection = 'close';
