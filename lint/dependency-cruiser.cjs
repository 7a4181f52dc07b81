// Which module can import which. The folders of nodes/Procore form layers: a module imports from its own folder and
// from folders below it, so that a reader who follows imports never comes back.
const layers = [
	'actions',
	'methods',
	'receive',
	'dedupe',
	'check',
	'hook',
	'delivery',
	'record',
	'api',
	'model',
];

const folder = (name) => `^nodes/Procore/${name}/`;

/** Each layer must not import from the layers above it or from the node files. */
const downwards = layers.map((layer, index) => ({
	name: `${layer}-imports-downwards-only`,
	comment: `${layer}/ may import from: ${layers.slice(index).join(', ')}.`,
	severity: 'error',
	from: { path: folder(layer) },
	to: {
		path: [
			'^nodes/Procore/[^/]+\\.node\\.ts$',
			'^credentials/',
			...(layer === 'actions' ? [] : [folder('descriptions')]),
			...layers.slice(0, index).map(folder),
		],
	},
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
	forbidden: [
		{
			name: 'no-circles',
			comment: 'No module leads back to itself, type-only imports included.',
			severity: 'error',
			from: {},
			to: { circular: true },
		},
		...downwards,
		{
			name: 'descriptions-import-little',
			comment:
				'The parameters of the trigger, and those that both nodes share, import only the model and the names of resources.',
			severity: 'error',
			from: { path: folder('descriptions') },
			to: {
				path: '^(nodes|credentials)/',
				pathNot: [folder('descriptions'), folder('model'), '^nodes/Procore/record/catalogue\\.ts$'],
			},
		},
		{
			name: 'model-imports-nothing-of-ours',
			comment: "model/ holds Procore's words as types and pure functions.",
			severity: 'error',
			from: { path: folder('model') },
			to: { path: '^(nodes|credentials)/', pathNot: folder('model') },
		},
		{
			name: 'known-folders-only',
			comment: 'A new folder under nodes/Procore needs its place in the list of layers.',
			severity: 'error',
			from: {},
			to: {
				path: '^nodes/Procore/[^/]+/',
				pathNot: [folder('descriptions'), ...layers.map(folder)],
			},
		},
		{
			name: 'package-imports-itself-only',
			comment:
				'The published package imports n8n-workflow, crypto and its own files, and nothing that serves development.',
			severity: 'error',
			from: { path: '^(nodes|credentials)/' },
			to: { pathNot: ['^(nodes|credentials)/', '^(node:)?crypto$', '^node_modules/n8n-workflow/'] },
		},
		{
			name: 'credentials-import-little',
			comment: "The credential shares Procore's hosts and words with the nodes.",
			severity: 'error',
			from: { path: '^credentials/' },
			to: { path: '^nodes/', pathNot: ['^nodes/Procore/api/environment\\.ts$', folder('model')] },
		},
		{
			name: 'no-unresolved-imports',
			severity: 'error',
			from: {},
			to: { couldNotResolve: true },
		},
	],
	options: {
		reporterOptions: { mermaid: { minify: false } },
		doNotFollow: { path: ['node_modules'] },
		tsConfig: { fileName: 'tsconfig.json' },
		// Type-only imports count: they disappear from the build, but a reader still follows them.
		tsPreCompilationDeps: true,
		enhancedResolveOptions: {
			exportsFields: ['exports'],
			conditionNames: ['types', 'node', 'require'],
		},
	},
};
