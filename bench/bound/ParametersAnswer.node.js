const { triggerProperties } = require('../../dist/nodes/Procore/descriptions/trigger.js');
const { EmptyAnswer } = require('./EmptyAnswer.node.js');

/** EmptyAnswer with the parameters of this package's trigger: n8n walks through their definitions for each request. */
class ParametersAnswer extends EmptyAnswer {
	constructor() {
		super();
		Object.assign(this.description, {
			displayName: 'Parameters Answer',
			name: 'parametersAnswer',
			defaults: { name: 'Parameters Answer' },
			properties: triggerProperties,
		});
	}
}

module.exports = { ParametersAnswer };
