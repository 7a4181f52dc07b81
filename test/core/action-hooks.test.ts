import {
	GENERATIONS,
	NOTHING,
	SECRET,
	URL_A,
	URL_B,
	hookCount,
	inCompany,
	inProject,
	jsonOf,
	makeHook,
	messageOf,
	onlyHook,
	onlyJson,
} from './action-support';
import { byId, COMPANY, OTHER_PROJECT, PROJECT, PROJECTS, shape, useN8n } from './harness';

describe.each(GENERATIONS)('hooks on %s', (version) => {
	const n8n = useN8n();
	const isV2 = version === 'v2.0';

	beforeEach(async () => {
		await n8n.connect({ version });
		await n8n.control.clearRequests();
	});

	describe('Create', () => {
		test('creates the hook and never returns its secret', async () => {
			const json = onlyJson(
				await n8n.run(
					inProject('hook', 'create', {
						destinationUrl: URL_A,
						additionalFields: { authorization: SECRET, payloadVersion: 'v3.0' },
					}),
				),
			);
			const hook = await onlyHook(n8n);
			expect(hook).toMatchObject({
				namespace: 'flows',
				destinationUrl: URL_A,
				authorization: SECRET,
				payloadVersion: 'v3.0',
				status: 'active',
				scope: { companyId: COMPANY, projectId: PROJECT },
			});
			expect(json).toMatchObject({
				id: hook.id,
				namespace: 'flows',
				destination_url: URL_A,
				destination_headers: { Authorization: '*****k9Qz7' },
				payload_version: 'v3.0',
				project_id: PROJECT,
				company_id: null,
			});
			expect(JSON.stringify(json)).not.toContain(SECRET);
		});

		test('creates a hook for a company', async () => {
			onlyJson(await n8n.run(inCompany('hook', 'create', { destinationUrl: URL_A })));
			expect((await onlyHook(n8n)).scope).toEqual({ companyId: COMPANY, projectId: null });
		});

		test("returns Procore's own JSON with Simplify off", async () => {
			const json = onlyJson(
				await n8n.run(inProject('hook', 'create', { destinationUrl: URL_A, simplify: false })),
			);
			expect(json).toHaveProperty(isV2 ? 'hook_type' : 'owned_by_user_id');
		});

		test('rejects a namespace that is taken and keeps the hook that has it', async () => {
			await makeHook(n8n);
			const message = messageOf(
				await n8n.run(inProject('hook', 'create', { destinationUrl: URL_B })),
			);
			expect(message).toMatch(/Could not create a hook in project 902214.*taken/);
			expect((await onlyHook(n8n)).destinationUrl).toBe(URL_A);
		});

		test('sends nothing for an invalid namespace and suggests a valid one', async () => {
			const parameters = inProject('hook', 'create', {
				destinationUrl: URL_A,
				namespace: 'My Flows_1',
			});
			const message = messageOf(await n8n.run(parameters));
			expect(message).toContain('only lowercase letters, digits and dashes');
			expect(message).toContain('"my-flows-1"');
			expect(await n8n.requests()).toEqual([]);
		});

		test('finds the hook if the response to its creation was lost', async () => {
			await n8n.control.addFault({
				method: 'POST',
				path: '/hooks$',
				effect: { kind: 'drop', when: 'after' },
			});
			const json = onlyJson(await n8n.run(inProject('hook', 'create', { destinationUrl: URL_A })));
			expect(json.id).toBe((await onlyHook(n8n)).id);
		});

		test.each([undefined, 'disabled'])(
			'keeps the hook of another system that it finds after a 502, with Status %s',
			async (hookStatus) => {
				if (hookStatus !== undefined && !isV2) return;
				await makeHook(n8n, { destinationUrl: URL_B });
				const before = await onlyHook(n8n);
				await n8n.control.addFault({
					method: 'POST',
					path: '/hooks$',
					effect: { kind: 'status', status: 502, body: 'Bad Gateway' },
				});
				const additionalFields = hookStatus === undefined ? {} : { hookStatus };
				const message = messageOf(
					await n8n.run(inProject('hook', 'create', { destinationUrl: URL_A, additionalFields })),
				);
				expect(message).toMatch(/answered 502.*"flows" is taken in project 902214/);
				expect(message).toContain(`hook ${before.id} delivers to ${URL_B}`);
				expect(await onlyHook(n8n)).toEqual(before);
			},
		);

		test('rejects the masked value of another hook', async () => {
			const parameters = inProject('hook', 'create', {
				destinationUrl: URL_A,
				additionalFields: { authorization: '*****k9Qz7' },
			});
			expect(messageOf(await n8n.run(parameters))).toContain('masked');
			expect(await n8n.requests()).toEqual([]);
		});

		test('keeps the secret out of a message even if Procore quotes it', async () => {
			await n8n.control.addFault({
				method: 'POST',
				path: '/hooks$',
				effect: { kind: 'status', status: 400, body: { errors: [`${SECRET} is odd`] } },
			});
			const parameters = inProject('hook', 'create', {
				destinationUrl: URL_A,
				additionalFields: { authorization: SECRET },
			});
			const { error } = await n8n.run(parameters);
			expect(error?.message).toContain('is odd');
			expect(`${error?.message} ${error?.stack}`).not.toContain('k9Qz7');
		});

		test(isV2 ? 'can disable it at once' : 'says that v1.0 cannot disable', async () => {
			const parameters = inProject('hook', 'create', {
				destinationUrl: URL_A,
				additionalFields: { hookStatus: 'disabled' },
			});
			const result = await n8n.run(parameters);
			if (isV2) {
				expect(onlyJson(result).status).toBe('disabled');
				expect((await onlyHook(n8n)).status).toBe('disabled');
			} else {
				expect(messageOf(result)).toContain('v1.0 have no status');
				expect(await n8n.requests()).toEqual([]);
			}
		});

		if (isV2) {
			describe('if the second of two steps fails', () => {
				const parameters = inProject('hook', 'create', {
					destinationUrl: URL_A,
					additionalFields: { hookStatus: 'disabled' },
				});

				beforeEach(async () => {
					await n8n.control.addFault({
						method: 'PATCH',
						path: '/hooks/',
						effect: { kind: 'status', status: 403, body: { errors: ['No'] } },
					});
				});

				test('leaves nothing behind', async () => {
					expect(messageOf(await n8n.run(parameters))).toMatch(/answered 403: No/);
					expect(await hookCount(n8n)).toBe(0);
				});

				test('says what is left behind if it cannot be deleted', async () => {
					await n8n.control.addFault({
						method: 'DELETE',
						effect: { kind: 'status', status: 403, body: { errors: ['Nor that'] } },
					});
					const message = messageOf(await n8n.run(parameters));
					expect(message).toMatch(/answered 403: No.*answered 403: Nor that/);
					expect(message).toContain(`If hook ${(await onlyHook(n8n)).id} is still in Procore`);
				});
			});
		}
	});

	describe('the destination URL', () => {
		test.each(['http://flows.larkspur.example/x', 'https://10.0.0.7/x', 'not an address'])(
			"rejects %s on Procore's own hosts",
			async (destinationUrl) => {
				await n8n.connect({ version, environment: 'sandbox' });
				await n8n.control.clearRequests();
				const message = messageOf(await n8n.run(inProject('hook', 'create', { destinationUrl })));
				expect(message).toContain('public https URL');
				expect(await n8n.requests()).toEqual([]);
			},
		);

		test('accepts a private address behind a gateway, but not an empty one', async () => {
			const local = inProject('hook', 'create', { destinationUrl: 'http://127.0.0.1:5678/x' });
			onlyJson(await n8n.run(local));
			const missing = inProject('hook', 'create', { destinationUrl: NOTHING, namespace: 'other' });
			expect(messageOf(await n8n.run(missing))).toContain('Destination URL');
		});
	});

	describe('Create or Update', () => {
		const target = (more = {}) =>
			inProject('hook', 'upsert', {
				destinationUrl: URL_A,
				additionalFields: { authorization: SECRET },
				...more,
			});

		test('creates a hook, updates only what differs, and then does nothing', async () => {
			expect(onlyJson(await n8n.run(target())).result).toBe('created');
			expect((await n8n.requests()).map(shape).map((line) => line.slice(0, 4))).toEqual([
				'GET ',
				'POST',
			]);

			const unchanged = onlyJson(await n8n.run(target()));
			expect(unchanged).toMatchObject({ result: 'unchanged', id: (await onlyHook(n8n)).id });
			expect(await n8n.requests()).toHaveLength(1);

			expect(onlyJson(await n8n.run(target({ destinationUrl: URL_B }))).result).toBe('updated');
			expect(await onlyHook(n8n)).toMatchObject({
				destinationUrl: URL_B,
				authorization: SECRET,
			});
		});

		test('replaces the secret and the payload version and keeps the triggers', async () => {
			onlyJson(await n8n.run(target()));
			const { id } = await onlyHook(n8n);
			await n8n.control.editHook(id, {
				triggers: [{ resourceName: 'RFIs', eventType: 'create' }],
			});
			const result = onlyJson(
				await n8n.run(
					target({
						additionalFields: { authorization: 'Bearer another-one', payloadVersion: 'v4.0' },
					}),
				),
			);
			expect(result.result).toBe('updated');
			expect(await onlyHook(n8n)).toMatchObject({
				id,
				authorization: 'Bearer another-one',
				payloadVersion: 'v4.0',
				triggers: [{ resourceName: 'RFIs' }],
			});
		});

		test('keeps the fields that are not set', async () => {
			onlyJson(await n8n.run(target({ additionalFields: { payloadVersion: 'v3.0' } })));
			expect(onlyJson(await n8n.run(target({ additionalFields: {} }))).result).toBe('unchanged');
			expect((await onlyHook(n8n)).payloadVersion).toBe('v3.0');
		});

		test('creates one hook whichever response is lost', async () => {
			await n8n.control.addFault({
				method: 'POST',
				path: '/hooks$',
				effect: { kind: 'drop', when: 'after' },
			});
			expect(onlyJson(await n8n.run(target())).result).toBe('created');
			expect(await hookCount(n8n)).toBe(1);
		});

		test('adopts the hook that another process created first', async () => {
			await n8n.control.addFault({
				method: 'POST',
				path: '/hooks$',
				effect: {
					kind: 'status',
					status: 400,
					body: { errors: { namespace: ['has already been taken'] } },
				},
			});
			// The list was read before, so only the second read finds it.
			await n8n.control.addFault({
				method: 'GET',
				path: '/hooks\\?',
				times: 1,
				effect: { kind: 'status', status: 200, body: isV2 ? { data: [] } : [] },
			});
			await makeHookDirectly();
			expect(onlyJson(await n8n.run(target({ destinationUrl: URL_B }))).id).toBe(
				(await onlyHook(n8n)).id,
			);
			expect((await onlyHook(n8n)).destinationUrl).toBe(URL_B);
		});

		/** Bypasses the faults, which only apply to the run, as another process would. */
		async function makeHookDirectly(): Promise<void> {
			const { issueToken } = n8n.control;
			const { accessToken } = await issueToken.call(n8n.control, { grant: 'authorizationCode' });
			const other = `${n8n.control.url}/rest/v2.0/companies/${COMPANY}/projects/${PROJECT}/webhooks/hooks?other`;
			const response = await fetch(other, {
				method: 'POST',
				headers: {
					authorization: `Bearer ${accessToken}`,
					'procore-company-id': COMPANY,
					'content-type': 'application/json',
				},
				body: JSON.stringify({
					namespace: 'flows',
					destination_url: URL_A,
					payload_version: 'v2.0',
				}),
			});
			expect(response.status).toBe(201);
			await n8n.control.clearRequests();
		}
	});

	describe('Get', () => {
		test('finds the hook', async () => {
			const id = await makeHook(n8n);
			const json = onlyJson(await n8n.run(inProject('hook', 'get', { hookId: byId(id) })));
			expect(json).toMatchObject({ id, destination_url: URL_A, namespace: 'flows' });
		});

		test('finds the hook without its namespace', async () => {
			const id = await makeHook(n8n, { namespace: 'of-somebody' });
			const parameters = inProject('hook', 'get', { hookId: byId(id), namespace: '' });
			expect(onlyJson(await n8n.run(parameters))).toMatchObject({ id, namespace: 'of-somebody' });
		});

		test('says where it looked for a hook that does not exist', async () => {
			const message = messageOf(await n8n.run(inProject('hook', 'get', { hookId: byId('1') })));
			expect(message).toMatch(/^Could not get hook 1\. Procore answered 404/);
		});

		test('does not find the hook in another project', async () => {
			const id = await makeHook(n8n);
			const parameters = inProject('hook', 'get', {
				hookId: byId(id),
				projectId: byId(OTHER_PROJECT),
			});
			expect(messageOf(await n8n.run(parameters))).toContain('404');
		});
	});

	describe('Get Many', () => {
		test('lists the hooks of one namespace, or of the whole project', async () => {
			await makeHook(n8n);
			await makeHook(n8n, { namespace: 'others' });
			const one = jsonOf(await n8n.run(inProject('hook', 'getAll', { returnAll: true })));
			expect(one.map(({ namespace }) => namespace)).toEqual(['flows']);
			const { namespace, ...all } = inProject('hook', 'getAll', { returnAll: true });
			expect(namespace).toBe('flows');
			expect(jsonOf(await n8n.run(all)).map(({ namespace }) => namespace)).toEqual([
				'flows',
				'others',
			]);
		});

		test('says beside an empty output how many hooks are in other namespaces', async () => {
			const { namespace, ...all } = inProject('hook', 'getAll');
			expect(namespace).toBe('flows');
			const none = await n8n.run(all);
			expect(jsonOf(none)).toEqual([]);
			expect(none.hints).toEqual(['There is no hook in project 902214 yet.']);
			await makeHook(n8n);
			await makeHook(n8n, { namespace: 'others' });
			const elsewhere = await n8n.run(inProject('hook', 'getAll', { namespace: 'typo' }));
			expect(jsonOf(elsewhere)).toEqual([]);
			expect(elsewhere.hints).toEqual([
				'There is no hook in the namespace "typo" in project 902214, but 2 hooks are in others. Clear Namespace to include every namespace.',
			]);
		});

		test('lists the hooks of a company without a namespace', async () => {
			const result = await n8n.run(inCompany('hook', 'getAll', { namespace: '' }));
			if (isV2) expect(messageOf(result)).toContain('Enter the namespace of the hook in Namespace');
			else expect(jsonOf(result)).toEqual([]);
		});
	});

	describe('Update', () => {
		test.each([
			['the URL', { destinationUrl: URL_B }, { destinationUrl: URL_B, authorization: SECRET }],
			[
				'the secret',
				{ authorization: 'Bearer new-one' },
				{ destinationUrl: URL_A, authorization: 'Bearer new-one' },
			],
			['the namespace', { namespace: 'renamed' }, { namespace: 'renamed', authorization: SECRET }],
			[
				'the payload version',
				{ payloadVersion: 'v4.0' },
				{ payloadVersion: 'v4.0', authorization: SECRET },
			],
		])('changes only %s, in one request', async (_what, updateFields, expected) => {
			const id = await makeHook(n8n);
			const json = onlyJson(
				await n8n.run(inProject('hook', 'update', { hookId: byId(id), updateFields })),
			);
			expect(json.id).toBe(id);
			expect(await onlyHook(n8n)).toMatchObject(expected);
			expect(await n8n.requests()).toHaveLength(1);
		});

		test('changes only the status on v2.0', async () => {
			const id = await makeHook(n8n);
			const parameters = inProject('hook', 'update', {
				hookId: byId(id),
				updateFields: { hookStatus: 'disabled' },
			});
			const result = await n8n.run(parameters);
			if (isV2) {
				expect(onlyJson(result).status).toBe('disabled');
				expect(await onlyHook(n8n)).toMatchObject({ status: 'disabled', authorization: SECRET });
			} else {
				expect(messageOf(result)).toContain('v1.0 have no status');
				expect(await n8n.requests()).toEqual([]);
			}
		});

		test.each([
			['nothing', {}, 'Nothing to update'],
			['an empty field', { destinationUrl: '' }, 'Nothing to update'],
			['a masked secret', { authorization: '*****k9Qz7' }, 'masked value'],
			['an invalid namespace', { namespace: 'No Good' }, 'for example "no-good"'],
			['an unknown status', { hookStatus: 'asleep' }, 'Status must be one of active, disabled'],
		])('sends nothing for %s', async (_what, updateFields, words) => {
			const parameters = inProject('hook', 'update', { hookId: byId('61840377'), updateFields });
			expect(messageOf(await n8n.run(parameters))).toContain(words);
			expect(await n8n.requests()).toEqual([]);
		});

		test('says that the hook does not exist', async () => {
			const parameters = inProject('hook', 'update', {
				hookId: byId('1'),
				updateFields: { destinationUrl: URL_B },
			});
			expect(messageOf(await n8n.run(parameters))).toMatch(/Could not update hook 1.*404/);
		});
	});

	describe('Delete', () => {
		test('deletes the hook', async () => {
			const id = await makeHook(n8n);
			const json = onlyJson(await n8n.run(inProject('hook', 'delete', { hookId: byId(id) })));
			expect(json).toEqual({ deleted: true, id });
			expect(await hookCount(n8n)).toBe(0);
		});

		test('does not report a hook of another project as deleted', async () => {
			const id = await makeHook(n8n);
			const parameters = inProject('hook', 'delete', {
				hookId: byId(id),
				projectId: byId(OTHER_PROJECT),
			});
			expect(messageOf(await n8n.run(parameters))).toContain(`Could not delete hook ${id}`);
			expect(await hookCount(n8n)).toBe(1);
		});

		test('treats a lost response as success if the hook is gone', async () => {
			const id = await makeHook(n8n);
			await n8n.control.addFault({ method: 'DELETE', effect: { kind: 'drop', when: 'after' } });
			const json = onlyJson(await n8n.run(inProject('hook', 'delete', { hookId: byId(id) })));
			expect(json).toEqual({ deleted: true, id });
		});
	});

	describe('failures', () => {
		const upsert = inProject('hook', 'upsert', { destinationUrl: URL_A });

		test('explains a missing permission', async () => {
			await n8n.control.setPermissions({ companyId: COMPANY, webhooks: 'none' });
			const message = messageOf(await n8n.run(upsert));
			expect(message).toContain('403');
			expect(message).toContain('"Webhooks API"');
		});

		test('explains that the app is not connected to the company', async () => {
			const parameters = inCompany('hook', 'upsert', {
				destinationUrl: URL_A,
				companyId: byId('4777002'),
			});
			expect(messageOf(await n8n.run(parameters))).toContain('Install the app');
		});

		test('waits after a 429', async () => {
			await n8n.control.addFault({ effect: { kind: 'rateLimited', resetInSeconds: 1 } });
			expect(onlyJson(await n8n.run(upsert)).result).toBe('created');
			const refused = (await n8n.requests()).filter(({ status }) => status === 429);
			expect(refused).toHaveLength(1);
		});

		test('retries a 5xx if that is safe', async () => {
			await n8n.control.addFault({ method: 'GET', effect: { kind: 'status', status: 502 } });
			expect(onlyJson(await n8n.run(upsert)).result).toBe('created');
		});

		test('reports a 5xx that persists', async () => {
			await n8n.control.addFault({
				method: 'GET',
				times: 0,
				effect: { kind: 'status', status: 500, body: 'Oops' },
			});
			const message = messageOf(await n8n.run(inProject('hook', 'getAll')));
			expect(message).toMatch(/Procore answered 500: Oops\. Try again/);
			await n8n.control.clearFaults();
		}, 20_000);

		test('retries a dropped connection', async () => {
			await n8n.control.addFault({ method: 'GET', effect: { kind: 'drop', when: 'before' } });
			expect(jsonOf(await n8n.run(inProject('hook', 'getAll')))).toEqual([]);
		});

		test('asks for a missing company and a missing project', async () => {
			const noCompany = inProject('hook', 'getAll', { companyId: byId(NOTHING) });
			expect(messageOf(await n8n.run(noCompany))).toContain('Select one in Company');
			const noProject = inProject('hook', 'getAll', { projectId: byId(NOTHING) });
			expect(messageOf(await n8n.run(noProject))).toContain('Select one in Project');
			const noHook = inProject('hook', 'get', { hookId: byId(NOTHING) });
			expect(messageOf(await n8n.run(noHook))).toContain('Select one in Hook');
		});
	});

	describe('many items', () => {
		const each = inProject('hook', 'upsert', {
			projectId: byId('={{ $json.project }}'),
			destinationUrl: URL_A,
		});
		const projects = [...PROJECTS.slice(0, 2), '1', ...PROJECTS.slice(2)];
		const items = projects.map((project) => ({ project }));

		test('continue after one that fails, in order and paired', async () => {
			const { items: output, error } = await n8n.run(each, items, {
				onError: 'continueRegularOutput',
			});
			expect(error).toBeUndefined();
			expect(output.map(({ pairedItem }) => pairedItem)).toEqual(
				projects.map((_project, item) => ({ item })),
			);
			expect(output.map(({ json }) => json.project_id ?? 'none')).toEqual(
				projects.map((project) => (project === '1' ? 'none' : project)),
			);
			expect(output[2]?.json).toEqual({
				error: expect.stringContaining('404'),
				details: { httpCode: '404', code: 'refused' },
			});
			expect(await hookCount(n8n)).toBe(4);
		});

		test('write nothing unless the parameters of all items are valid', async () => {
			const { error } = await n8n.run(
				inProject('hook', 'create', {
					projectId: byId('={{ $json.project }}'),
					destinationUrl: URL_A,
				}),
				[{ project: PROJECT }, { project: '..' }],
			);
			expect(error).toMatchObject({ context: { itemIndex: 1 } });
			expect(await hookCount(n8n)).toBe(0);
		});

		test('stop at one that fails and name it', async () => {
			const many = [{ project: '1' }, ...Array.from({ length: 40 }, () => ({ project: PROJECT }))];
			const { error } = await n8n.run(each, many);
			expect(error).toMatchObject({ context: { itemIndex: 0 } });
			expect((await n8n.requests()).length).toBeLessThan(20);
		});
	});
});
