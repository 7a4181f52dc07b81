/** How n8n evaluates expressions, and the goals for each way: the package's rate divided by that of the receiver. */
export const ENGINES = [
	{
		name: 'default settings',
		env: {},
		goals: { accepted: 0.97, unwanted: 0.95, byHand: 1.2, several: { 10: 1.5, 40: 1.6 } },
	},
	{
		name: 'N8N_EXPRESSION_ENGINE=legacy',
		env: { N8N_EXPRESSION_ENGINE: 'legacy' },
		goals: { accepted: 0.92, unwanted: 0.95, byHand: 4, several: { 10: 2.5, 40: 3.5 } },
	},
] as const;
