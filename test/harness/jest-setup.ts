import axios from 'axios';

import { closeBrowsers } from './browser';

// Jest only accepts a timeout for all projects or here. A start of n8n can take a minute on a slow machine.
jest.setTimeout(180_000);

// A browser left open by a failed test would keep jest from exiting.
afterAll(closeBrowsers);

// n8n closes a connection after five idle seconds, possibly just when the next suite uses it, so none is kept.
axios.defaults.headers.common.Connection = 'close';
