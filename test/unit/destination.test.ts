import { explainUnreachable } from '../../nodes/Procore/hook/destination';

describe('explainUnreachable', () => {
	test.each([
		'https://n8n.larkspur.example/webhook/1/procore',
		'https://n8n.larkspur.example:8443/webhook/1/procore',
		'https://203.0.113.9/webhook/1/procore',
		'https://172.32.0.1/x',
		'https://172.15.0.1/x',
		'https://11.0.0.1/x',
		'https://100.63.0.1/x',
		'https://100.128.0.1/x',
		'https://test.larkspur.example/x',
		'https://[2001:db8::1]/x',
		'https://localhost.larkspur.example/x',
		'https://10.larkspur.example/x',
		'https://fd00.larkspur.example/x',
	])('accepts %s', (url) => {
		expect(explainUnreachable(url)).toBeUndefined();
	});

	test.each([
		'http://n8n.larkspur.example/webhook/1/procore',
		'http://localhost:5678/webhook/1/procore',
		'https://localhost:5678/webhook/1/procore',
		'https://LOCALHOST/x',
		'https://n8n.localhost/x',
		'https://n8n/x',
		'https://n8n.local/x',
		'https://n8n.internal/x',
		'https://nas.lan/x',
		'https://127.0.0.1/x',
		'https://127.1.2.3/x',
		'https://0.0.0.0/x',
		'https://10.0.0.7/x',
		'https://100.64.0.1/x',
		'https://100.127.255.254/x',
		'https://nas.home.arpa/x',
		'https://172.16.0.1/x',
		'https://172.31.255.1/x',
		'https://192.168.1.20/x',
		'https://169.254.169.254/x',
		'https://[::1]/x',
		'https://[::]/x',
		'https://[fd12:3456::1]/x',
		'https://[fe80::1]/x',
		'https://[::ffff:127.0.0.1]/x',
		'https://[::ffff:10.0.0.1]/x',
		'https://localhost./x',
		'https://2130706433/x',
		'ftp://n8n.larkspur.example/x',
		'webhook/1/procore',
		'',
	])('rejects %j and names it and WEBHOOK_URL', (url) => {
		const message = explainUnreachable(url);
		expect(message).toContain(`at ${url}:`);
		expect(message).toContain('WEBHOOK_URL');
		expect(message).toContain('public https');
	});
});
